var e={cancel:`Abbrechen`,waiting:`Warte auf Daten …`,disconnected:`Keine Verbindung zu Home Assistant: Diese Werte sind alt`,error:{failed:`Das hat nicht geklappt: {message}`,no_live_data:`Die Bitaxe-Integration antwortet nicht`,unknown:`unbekannter Fehler`},unit:{day:`T.`,hour:`Std.`,minute:`Min.`,second:`Sek.`},state:{mining:`Schürft`,starting:`Startet`,paused:`Angehalten`,overheated:`Überhitzt`,fault:`Störung`,idle:`Untätig`,offline:`Offline`},stability:{excellent:`Hervorragend`,stable:`Stabil`,acceptable:`Annehmbar`,variable:`Schwankend`,unstable:`Unruhig`,unknown:`Unbekannt`}},t={name:`Bitaxe-Effizienz`,description:`Welche Einstellung eines Miners am meisten je Joule schafft`,subtitle:`{count} Konfigurationen gemessen`,subtitle_one:`1 Konfiguration gemessen`,loading:`Der Verlauf wird gelesen …`,empty:`Noch wurde nichts gemessen. Eine Konfiguration zählt, sobald der Miner zwei Stunden lang mit ihr gerechnet hat.`,retry:`Erneut versuchen`,missing:`Ohne Verlauf: {metrics}`,area:`Fläche = Stunden, Balken = Standardfehler, tiefer ist besser`,map_label:`Karte der Konfigurationen von {name}. Die Pfeiltasten wechseln zwischen ihnen.`,table_label:`Konfigurationen von {name}`,best:`beste`,present:`jetzt`,front:`Pareto-Front`,too_short:`zu kurz gemessen`,unsound:`nicht ratsam`,more:`Alle {count} zeigen`,fewer:`Weniger zeigen`,hours:`{hours} Std.`,error_of:`± {error}`,peak:`höchstens {value}`,seen:`zuletzt {time}`,choose:`Wähle einen Punkt oder eine Zeile, um Einzelheiten zu sehen.`,goal:{efficiency:`Wenigste Energie`,balanced:`Ausgewogen`,hashrate:`Höchste Hashrate`},verdict:{change:`Ändern`,keep:`Behalten`,uncertain:`Unsicher`,present_unknown:`Misst noch`,nothing_measured:`Keine Daten`},advice:{keep:`Die jetzige Einstellung ist die beste aller gemessenen.`,uncertain:`Sie scheint besser als die jetzige zu sein, doch das kann Zufall sein. Lass den Miner mit beiden länger laufen.`,present_unknown:`Die beste bisher. Die jetzige Einstellung wurde für einen Vergleich noch nicht lange genug gemessen.`,nothing_measured:`Noch keine brauchbare Einstellung wurde zwei Stunden lang gemessen.`,hashrate:`Hashrate`,power:`Leistung`,efficiency:`J/TH`,saves:`spart {energy} im Monat`,saves_money:`spart {money} im Monat ({energy})`,costs:`braucht {energy} mehr im Monat`,costs_money:`kostet {money} mehr im Monat ({energy})`,behind:`{hours} Std. gemessen`},apply:{button:`Anwenden`,title:`{name} auf {setting} stellen?`,from:`Jetzt: {setting}`,figure:`{name}: {before} → {after}`,behind:`Mit dieser Einstellung wurde {hours} Std. gemessen.`,behind_both:`Mit dieser Einstellung wurde {hours} Std. gemessen, mit der jetzigen {before} Std.`,brief:`Das ist zu kurz, um sich darauf zu verlassen.`,critical:`Nicht ratsam: {reasons}.`,done:`{name} bestätigt {setting}.`},column:{setting:`MHz / mV`,frequency:`Frequenz`,core_voltage:`Kernspannung`,hours:`Stunden`,hashrate:`Hashrate`,efficiency:`J/TH`,heat:`ASIC`,vr_heat:`Regler`,errors:`Fehler`,power:`Leistung`,rejects:`Abgelehnt`,expected:`Der erwarteten`,variation:`Schwankung`},bottleneck:{heat:`ASIC-Hitze {value} (Grenze {limit})`,vr_heat:`Reglerhitze {value} (Grenze {limit})`,supply:`schwache Versorgung {value} (Grenze {limit})`,power:`Leistung {value} (Grenze {limit})`,instability:`Hashrate schwankt um {value} (Grenze {limit})`,errors:`Hash-Fehler {value} (Grenze {limit})`,low_hashrate:`nur {value} der erwarteten Hashrate (Grenze {limit})`,rejects:`abgelehnte Shares {value} (Grenze {limit})`},editor:{device_id:`Miner`,title:`Titel`,span:`Zeitraum, der zählt`,advice:`Rat zeigen`,map:`Karte zeigen`,table:`Tabelle zeigen`,apply:`Anwenden einer Konfiguration erlauben`,apply_help:`Nur wer den Miner steuern darf, kann es.`,look:`Aussehen`},span:{"7d":`7 Tage`,"30d":`30 Tage`,"1y":`1 Jahr`,all:`Alles`}},n={name:`Bitaxe-Miner`,description:`Ein Miner: Messwerte, Verlauf und Bedienung`,not_found:`Dieser Miner ist nicht mehr eingerichtet. Wähle in den Einstellungen der Karte einen anderen.`,no_miner:`Wähle in den Einstellungen der Karte einen Miner.`,web:`Weboberfläche von {name} öffnen`,seen:`Zuletzt gesehen {time}`,share_of_expected:`{percent} von {expected}`,of_limit:`von {limit}`,limit:`Grenze {limit}`,nominal:`Soll {voltage}`,possible:`{change} J/TH möglich`,auto_fan:`Automatisch`,aims_at:`Ziel {target}`,manual_fan:`Manuell`,fallback:`Ersatzpool`,measured:`gemessen {value}`,session:`seit Start {value}`,accepted:`{count} angenommen`,restore:`{setting} wiederherstellen`,reading:{hashrate:`Hashrate`,efficiency:`Effizienz`,power:`Leistung`,asic:`ASIC`,vr:`Spannungsregler`,fan:`Lüfter`,input_voltage:`Versorgung`,frequency:`Frequenz`,core_voltage:`Kernspannung`,fan_control:`Lüfterregelung`,uptime:`Laufzeit`,rejected:`Abgelehnte Shares`,errors:`Hash-Fehler`,best:`Beste Difficulty`,pool:`Pool`,pool_difficulty:`Pool-Difficulty`,response:`Antwort des Pools`,wifi:`WLAN`,stability:`Stabilität (24 h)`,blocks:`Gefundene Blöcke`},trend:{title:`Verlauf`,span:`Zeitraum`,third:`Drittes Feld`,label:`Verlauf von {name}. Die Pfeiltasten lesen die Werte ab.`,changed:`Einstellungen geändert`,change:`{before} → {after}`,temperature:`Temperatur`,measured:`gemessen`,expected:`erwartet`,loading:`Der Verlauf wird geladen …`,empty:`In dieser Zeit wurde noch nichts aufgezeichnet.`},control:{title:`Bedienung`,setting:`Takt und Spannung`,range:`{low} bis {high}`,less:`Weniger: {name}`,more:`Mehr: {name}`,apply:`Anwenden`,discard:`Verwerfen`,pending:`Warte auf die Bestätigung des Miners …`,confirmed:`Vom Miner bestätigt`,not_a_number:`Gib eine Zahl ein.`,out_of_range:`Dieser Miner erlaubt {low} bis {high}.`,fan:`Lüfter`,automatic:`Automatisch`,manual:`Manuell`,speed:`Lüftergeschwindigkeit`,pause:`Anhalten`,resume:`Fortsetzen`,restart:`Neu starten`,restart_title:`{name} neu starten?`,restart_text:`Etwa eine Minute lang schürft er dann nicht.`,restarting:`{name} startet neu.`,offline:`Der Miner antwortet nicht. Er lässt sich wieder bedienen, sobald er zurück ist.`},editor:{device_id:`Miner`,title:`Name (statt des Namens des Miners)`,details:`Einzelheiten zeigen`,chart:`Verlauf zeigen`,controls:`Bedienung zeigen`,controls_help:`Nur wer den Miner steuern darf, sieht sie.`,span:`Zeitraum des Verlaufs`,metric:`Drittes Feld des Verlaufs`,look:`Aussehen`}},r={name:`Bitaxe`,description:`Schwarm, Miner und Auswertung, aus den Minern, die es gibt`},i={name:`Bitaxe-Schwarm`,description:`Alle Miner auf einen Blick: Hashrate, Temperaturen, Effizienz, und was Aufmerksamkeit braucht. Volle Tabelle oder dichte Liste.`,miners_table:`Miner`,miners_part:`Miner {from} bis {to}`,empty:{title:`Noch keine Miner`,text:`Miner, die der Bitaxe-Integration hinzugefügt werden, erscheinen hier von selbst.`,action:`Miner hinzufügen`},missing:`Keinen der gewählten Miner gibt es noch. Die Karte bearbeiten, um andere zu wählen.`,sort_by:`Sortieren nach`,sort_ascending:`Aufsteigend`,sort_descending:`Absteigend`,span_1h:`1 h`,span_24h:`24 h`,span_label:`Zeitraum der Kurven`,history_label:`Verlauf der Hashrate über {span}`,open:`{name} öffnen`,show_warnings:`Was mit {name} nicht stimmt`,more_warnings:`+{count}`,last_seen:`zuletzt vor {duration}`,never_seen:`noch nie gesehen`,rejected:`{rate} abgelehnt`,session:`{value} seit Start`,rpm:`{value} U/min`,of:`von {value}`,fallback:`Ersatzpool`,fan_auto:`Automatisch`,fan_auto_target:`Automatisch, Ziel {value}`,fan_manual:`Manuell`,intended:`Gesenkt; gewollt sind {frequency} bei {voltage}`,level:{good:`gut`,warning:`nahe der Grenze`,critical:`jenseits der Grenze`},total:{hashrate:`Hashrate`,efficiency:`Effizienz`,power:`Leistung`,cost:`Kosten pro Tag`,miners:`Schürfen`,best_difficulty:`Beste Difficulty`,odds:`Solo-Block`,attention:`{count} brauchen Aufmerksamkeit`,attention_one:`1 braucht Aufmerksamkeit`,all_well:`Alles gut`,mining_of:`von {count}`,online:`{count} online`,per_year:`{value} pro Jahr`,percent_of:`{percent} von {value}`,per_day:`{value} pro Tag`,chance_per_year:`Chance {value} pro Jahr`,years:`Jahre`,days:`Tage`,mining_count:`{mining} von {count} Minern schürfen`},column:{name:`Miner`,state:`Zustand`,hashrate:`Hashrate`,history:`Verlauf`,efficiency:`J/TH`,power:`Leistung`,asic_temperature:`ASIC`,vr_temperature:`VR`,fan:`Lüfter`,settings:`Takt`,uptime:`Laufzeit`,shares:`Shares`,best_difficulty:`Beste`,stability:`Streuung`,error_rate:`Fehler`,input_voltage:`Eingang`,wifi:`WLAN`,pool:`Pool`,model:`Modell`,area:`Bereich`},column_long:{name:`Name`,state:`Zustand (Dringendes zuerst)`,hashrate:`Hashrate gegen erwartete`,history:`Verlauf der Hashrate`,efficiency:`Effizienz (J/TH)`,power:`Leistung`,asic_temperature:`ASIC-Temperatur`,vr_temperature:`VR-Temperatur`,fan:`Lüfter`,settings:`Frequenz und Kernspannung`,uptime:`Laufzeit`,shares:`Shares und Ablehnungsrate`,best_difficulty:`Beste Difficulty`,stability:`Schwankung der Hashrate (24 h)`,error_rate:`Fehlerrate`,input_voltage:`Eingangsspannung`,wifi:`WLAN-Signal`,pool:`Pool`,model:`Modell und Firmware`,area:`Bereich`},editor:{layout:`Layout`,layout_full:`Voll: eine Tabelle mit allem`,layout_lite:`Schlank: eine dichte Zeile je Miner`,title:`Titel (leer: Name des Schwarms)`,miners:`Miner (leer: alle)`,columns:`Spalten (leer: die üblichen)`,sort:`Sortiert nach`,sort_order:`Richtung`,order_auto:`Was man sucht, zuerst`,span:`Kurven über`,totals:`Summen zeigen`,row_action:`Klick auf einen Miner öffnet`,action_more_info:`Seinen Verlaufsdialog`,action_device:`Seine Geräteseite`,action_navigate:`Eine Ansicht`,action_none:`Nichts`,navigation_path:`Pfad der Ansicht`,help_navigation_path:`{device_id} steht für das Gerät des Miners. Ein Pfad ohne / am Anfang liegt in diesem Dashboard.`,help_columns:`Spalten, für die kein Platz ist, entfallen, die unwichtigsten zuerst.`,section_content:`Inhalt`,section_behaviour:`Verhalten`}},a={offline:{title:`Offline`,advice:`Netzteil und WLAN prüfen, und ob sich die Adresse geändert hat. Zeigt das Display noch Werte an, den Miner für zehn Sekunden vom Strom trennen.`},overheating:{title:`ASIC zu heiß`,advice:`Sicherstellen, dass Luft ungehindert strömt und der Lüfter dreht. Kernspannung oder Frequenz senken, oder der automatischen Lüftersteuerung eine niedrigere Zieltemperatur geben.`},vr_heat:{title:`Spannungsregler zu heiß`,advice:`Luft über die Rückseite der Platine leiten oder einen Kühlkörper anbringen. Am meisten hilft eine niedrigere Kernspannung.`},low_hashrate:{title:`Hashrate zu niedrig`,advice:`Fehlerrate und Temperatur vergleichen. Viele Fehler verlangen einige Millivolt mehr oder eine niedrigere Frequenz; sonst hilft oft ein Neustart.`},frozen_hashrate:{title:`Hashrate eingefroren`,advice:`Die Firmware wiederholt einen alten Wert und hört ihre ASICs nicht mehr. Den Miner neu starten.`},error_rate:{title:`Zu viele Hardwarefehler`,advice:`Die Kernspannung ist zu niedrig für diese Frequenz: um 10 bis 20 mV anheben oder die Frequenz um eine Stufe senken.`},reject_rate:{title:`Zu viele abgelehnte Shares`,advice:`Antwortzeit des Pools und WLAN-Signal ansehen. Meist hilft ein näherer Pool-Server.`},low_input_voltage:{title:`Eingangsspannung zu niedrig`,advice:`Das Netzteil bricht ein: ein stärkeres oder ein kürzeres, dickeres Kabel verwenden, oder die Frequenz senken.`},pool_fallback:{title:`Auf dem Ersatzpool`,advice:`Der Hauptpool ist nicht erreichbar. Adresse prüfen, und ob er läuft; der Miner kehrt von selbst oder nach einem Neustart zurück.`},power_fault:{title:`Störung der Spannungsversorgung`,advice:`Der Spannungsregler hat abgeschaltet. Kernspannung senken, Netzteil prüfen, dann den Miner für zehn Sekunden vom Strom trennen.`},hardware_fault:{title:`Hardwarefehler`,advice:`Der Miner meldet einen Defekt, sein Protokoll nennt das Bauteil. Neu starten; kehrt der Fehler zurück, die Platine prüfen lassen.`},detuned:{title:`Einstellungen nach Überhitzung gesenkt`,advice:`Die Firmware hat Frequenz und Spannung von selbst gesenkt. Erst die Kühlung verbessern, dann die Einstellungen mit der Taste dafür wiederherstellen.`},restarted:{title:`Neu gestartet`,advice:`Geschieht das oft, nach Hitze oder einem einbrechenden Netzteil suchen.`},new_best_difficulty:{title:`Neue beste Difficulty`,advice:`Nichts zu tun. Glückwunsch!`},block_found:{title:`Block gefunden`,advice:`Nichts zu tun, außer zu feiern!`},unknown:{title:`Braucht Aufmerksamkeit`,advice:`Den Miner öffnen, um mehr zu sehen.`},measured:`{value}, Grenze {limit}`,since:`seit {duration}`},o={common:{cancel:`Cancel`,waiting:`Waiting for data …`,disconnected:`No connection to Home Assistant: these figures are old`,error:{failed:`That did not work: {message}`,no_live_data:`The Bitaxe integration does not answer`,unknown:`unknown error`},unit:{day:`d`,hour:`h`,minute:`min`,second:`s`},state:{mining:`Mining`,starting:`Starting`,paused:`Paused`,overheated:`Overheated`,fault:`Fault`,idle:`Idle`,offline:`Offline`},stability:{excellent:`Excellent`,stable:`Stable`,acceptable:`Acceptable`,variable:`Variable`,unstable:`Unstable`,unknown:`Unknown`}},efficiency:{name:`Bitaxe efficiency`,description:`Which setting of a miner hashes best per joule`,subtitle:`{count} configurations measured`,subtitle_one:`1 configuration measured`,loading:`Reading the history …`,empty:`Nothing has been measured yet. A configuration counts once the miner has hashed at it for two hours.`,retry:`Try again`,missing:`Without history: {metrics}`,area:`area = hours, bars = standard error, lower is better`,map_label:`Map of the configurations of {name}. Arrow keys move between them.`,table_label:`Configurations of {name}`,best:`best`,present:`now`,front:`Pareto front`,too_short:`measured too briefly`,unsound:`not advisable`,more:`Show all {count}`,fewer:`Show fewer`,hours:`{hours} h`,error_of:`± {error}`,peak:`peak {value}`,seen:`last at it {time}`,choose:`Choose a point or a row to see it in detail.`,goal:{efficiency:`Lowest energy`,balanced:`Balanced`,hashrate:`Highest hashrate`},verdict:{change:`Change`,keep:`Keep`,uncertain:`Uncertain`,present_unknown:`Measuring`,nothing_measured:`No data`},advice:{keep:`The present setting is the best of all measured.`,uncertain:`It looks better than the present setting, but that may be chance. Let the miner run longer at both.`,present_unknown:`The best so far. The present setting has not been measured long enough to compare.`,nothing_measured:`No sound setting has been measured for two hours yet.`,hashrate:`hashrate`,power:`power`,efficiency:`J/TH`,saves:`saves {energy} a month`,saves_money:`saves {money} a month ({energy})`,costs:`takes {energy} more a month`,costs_money:`costs {money} more a month ({energy})`,behind:`measured for {hours} h`},apply:{button:`Apply`,title:`Set {name} to {setting}?`,from:`Now: {setting}`,figure:`{name}: {before} → {after}`,behind:`Measured for {hours} h at that setting.`,behind_both:`Measured for {hours} h at that setting, and {before} h at the present one.`,brief:`That is too short to rely on.`,critical:`Not advisable: {reasons}.`,done:`{name} confirms {setting}.`},column:{setting:`MHz / mV`,frequency:`Frequency`,core_voltage:`Core voltage`,hours:`Hours`,hashrate:`Hashrate`,efficiency:`J/TH`,heat:`ASIC`,vr_heat:`Regulator`,errors:`Errors`,power:`Power`,rejects:`Rejected`,expected:`Of expected`,variation:`Variation`},bottleneck:{heat:`ASIC heat {value} (limit {limit})`,vr_heat:`regulator heat {value} (limit {limit})`,supply:`weak supply {value} (limit {limit})`,power:`power {value} (limit {limit})`,instability:`hashrate varies by {value} (limit {limit})`,errors:`hash errors {value} (limit {limit})`,low_hashrate:`only {value} of the expected hashrate (limit {limit})`,rejects:`rejected shares {value} (limit {limit})`},editor:{device_id:`Miner`,title:`Title`,span:`History to look at`,advice:`Show advice`,map:`Show the map`,table:`Show the table`,apply:`Allow applying a configuration`,apply_help:`Only people who may control the miner can.`,look:`Appearance`},span:{"7d":`7 days`,"30d":`30 days`,"1y":`1 year`,all:`Everything`}},miner:{name:`Bitaxe miner`,description:`One miner: live readings, trend and controls`,not_found:`This miner is not set up any more. Choose another one in the card's settings.`,no_miner:`Choose a miner in the card's settings.`,web:`Open the web interface of {name}`,seen:`Last seen {time}`,share_of_expected:`{percent} of {expected}`,of_limit:`of {limit}`,limit:`limit {limit}`,nominal:`nominal {voltage}`,possible:`{change} J/TH possible`,auto_fan:`Automatic`,aims_at:`aims at {target}`,manual_fan:`Manual`,fallback:`Fallback pool`,measured:`measured {value}`,session:`since start {value}`,accepted:`{count} accepted`,restore:`Restore {setting}`,reading:{hashrate:`Hashrate`,efficiency:`Efficiency`,power:`Power`,asic:`ASIC`,vr:`Regulator`,fan:`Fan`,input_voltage:`Supply`,frequency:`Frequency`,core_voltage:`Core voltage`,fan_control:`Fan control`,uptime:`Uptime`,rejected:`Rejected shares`,errors:`Hash errors`,best:`Best difficulty`,pool:`Pool`,pool_difficulty:`Pool difficulty`,response:`Pool response`,wifi:`Wi-Fi`,stability:`Stability (24 h)`,blocks:`Blocks found`},trend:{title:`Trend`,span:`Span`,third:`Third panel`,label:`Trend of {name}. Arrow keys read the values.`,changed:`settings changed`,change:`{before} → {after}`,temperature:`Temperature`,measured:`measured`,expected:`expected`,loading:`Loading the trend …`,empty:`Nothing has been recorded in this time yet.`},control:{title:`Controls`,setting:`Clock and voltage`,range:`{low} to {high}`,less:`Less: {name}`,more:`More: {name}`,apply:`Apply`,discard:`Discard`,pending:`Waiting for the miner to confirm …`,confirmed:`Confirmed by the miner`,not_a_number:`Enter a number.`,out_of_range:`This miner allows {low} to {high}.`,fan:`Fan`,automatic:`Automatic`,manual:`Manual`,speed:`Fan speed`,pause:`Pause`,resume:`Resume`,restart:`Restart`,restart_title:`Restart {name}?`,restart_text:`It does not mine for about a minute.`,restarting:`{name} is restarting.`,offline:`The miner does not answer: it can be changed once it is back.`},editor:{device_id:`Miner`,title:`Name (instead of the miner's)`,details:`Show details`,chart:`Show the trend`,controls:`Show controls`,controls_help:`Only people who may control the miner see them.`,span:`Span of the trend`,metric:`Third panel of the trend`,look:`Appearance`}},strategy:{name:`Bitaxe`,description:`Swarm, miners and analysis, made of the miners that are there`},swarm:{name:`Bitaxe swarm`,description:`All miners at a glance: hashrate, heat, efficiency, and what needs attention. Full table or dense list.`,miners_table:`Miners`,miners_part:`Miners {from} to {to}`,empty:{title:`No miners yet`,text:`Miners that you add to the Bitaxe integration appear here by themselves.`,action:`Add a miner`},missing:`None of the chosen miners exists any more. Edit the card to choose others.`,sort_by:`Sort by`,sort_ascending:`Ascending`,sort_descending:`Descending`,span_1h:`1 h`,span_24h:`24 h`,span_label:`Period of the curves`,history_label:`Course of the hashrate over {span}`,open:`Open {name}`,show_warnings:`What is wrong with {name}`,more_warnings:`+{count}`,last_seen:`last seen {duration} ago`,never_seen:`never seen`,rejected:`{rate} rejected`,session:`{value} this run`,rpm:`{value} rpm`,of:`of {value}`,fallback:`Fallback pool`,fan_auto:`Automatic`,fan_auto_target:`Automatic, target {value}`,fan_manual:`Manual`,intended:`Lowered; intended {frequency} at {voltage}`,level:{good:`good`,warning:`near the limit`,critical:`beyond the limit`},total:{hashrate:`Hashrate`,efficiency:`Efficiency`,power:`Power`,cost:`Cost per day`,miners:`Mining`,best_difficulty:`Best difficulty`,odds:`Solo block`,attention:`{count} need attention`,attention_one:`1 needs attention`,all_well:`All well`,mining_of:`of {count}`,online:`{count} online`,per_year:`{value} per year`,percent_of:`{percent} of {value}`,per_day:`{value} per day`,chance_per_year:`{value} chance per year`,years:`years`,days:`days`,mining_count:`{mining} of {count} miners are mining`},column:{name:`Miner`,state:`State`,hashrate:`Hashrate`,history:`Course`,efficiency:`J/TH`,power:`Power`,asic_temperature:`ASIC`,vr_temperature:`VR`,fan:`Fan`,settings:`Clock`,uptime:`Uptime`,shares:`Shares`,best_difficulty:`Best`,stability:`Variation`,error_rate:`Errors`,input_voltage:`Input`,wifi:`Wi-Fi`,pool:`Pool`,model:`Model`,area:`Area`},column_long:{name:`Name`,state:`State (most urgent first)`,hashrate:`Hashrate against expected`,history:`Course of the hashrate`,efficiency:`Efficiency (J/TH)`,power:`Power`,asic_temperature:`ASIC temperature`,vr_temperature:`VR temperature`,fan:`Fan`,settings:`Frequency and core voltage`,uptime:`Uptime`,shares:`Shares and reject rate`,best_difficulty:`Best difficulty`,stability:`Variation of the hashrate (24 h)`,error_rate:`Error rate`,input_voltage:`Input voltage`,wifi:`Wi-Fi signal`,pool:`Pool`,model:`Model and firmware`,area:`Area`},editor:{layout:`Layout`,layout_full:`Full: a table with everything`,layout_lite:`Lite: one dense line per miner`,title:`Title (none: the name of the swarm)`,miners:`Miners (none: all of them)`,columns:`Columns (none: the usual ones)`,sort:`Sorted by`,sort_order:`Direction`,order_auto:`What people look for first`,span:`Curves over`,totals:`Show totals`,row_action:`Click on a miner opens`,action_more_info:`Its history dialog`,action_device:`Its device page`,action_navigate:`A view`,action_none:`Nothing`,navigation_path:`Path of the view`,help_navigation_path:`{device_id} stands for the miner's device. A path without a leading / is within this dashboard.`,help_columns:`Columns for which there is no room are left out, the least important first.`,section_content:`Content`,section_behaviour:`Behaviour`}},warning:{offline:{title:`Offline`,advice:`Check its power supply and Wi-Fi, and whether its address has changed. If it still shows figures on its display, restart it by unplugging it for ten seconds.`},overheating:{title:`ASIC too hot`,advice:`Make sure air gets in and out and the fan turns. Lower the core voltage or the frequency, or give automatic fan control a lower target temperature.`},vr_heat:{title:`Voltage regulator too hot`,advice:`Let air flow over the back of the board, or put a heatsink on it. A lower core voltage helps the most.`},low_hashrate:{title:`Hashrate too low`,advice:`Compare error rate and heat. Many errors ask for some millivolts more or a lower frequency; otherwise a restart often helps.`},frozen_hashrate:{title:`Hashrate frozen`,advice:`The firmware repeats an old figure and no longer hears its ASICs. Restart the miner.`},error_rate:{title:`Too many hardware errors`,advice:`The core voltage is too low for this frequency: raise it by 10 to 20 mV, or lower the frequency by one step.`},reject_rate:{title:`Too many rejected shares`,advice:`Look at the response time of the pool and the Wi-Fi signal. A pool server that is nearer usually helps.`},low_input_voltage:{title:`Input voltage too low`,advice:`The power supply sags: use a stronger one or a shorter, thicker cable, or lower the frequency.`},pool_fallback:{title:`On the fallback pool`,advice:`The main pool cannot be reached. Check its address and whether it is up; the miner returns by itself or after a restart.`},power_fault:{title:`Power fault`,advice:`The voltage regulator has switched off. Lower the core voltage, check the power supply, then unplug the miner for ten seconds.`},hardware_fault:{title:`Hardware fault`,advice:`The miner reports a defect. Its log names the part; restart it, and if the fault returns have the board looked at.`},detuned:{title:`Settings lowered after overheating`,advice:`The firmware lowered frequency and voltage by itself. Mend the cooling, then restore the settings with its button.`},restarted:{title:`Restarted`,advice:`If this happens often, look for heat or a sagging power supply.`},new_best_difficulty:{title:`New best difficulty`,advice:`Nothing to do. Well done!`},block_found:{title:`Block found`,advice:`Nothing to do but celebrate!`},unknown:{title:`Needs attention`,advice:`Open the miner to see more.`},measured:`{value}, limit {limit}`,since:`for {duration}`}},s={en:o,de:{common:e,efficiency:t,miner:n,strategy:r,swarm:i,warning:a}},c=new Map;function l(e){let t=c.get(e);if(t===void 0){t=new Map;for(let[n,r]of Object.entries(e))if(typeof r==`string`)t.set(n,r);else for(let[e,i]of l(r))t.set(`${n}.${e}`,i);c.set(e,t)}return t}function u(e,t,n={}){return(l(s[e.toLowerCase().split(`-`)[0]??``]??o).get(t)??l(o).get(t)??t).replace(/\{(\w+)\}/g,(e,t)=>String(n[t]??``))}function d(e,t,n){return u(e?.locale?.language??navigator.language,t,n)}function f(e,t,n){return l(o).has(t)?d(e,t):n}var ee=`https://github.com/bitaxe-for-home-assistant/bitaxe/blob/main/docs/dashboard.md`;function p(e,t){customElements.get(e)===void 0&&customElements.define(e,t)}function te(e,t,n,r){p(e,t);let i=window.customCards??=[];i.some(t=>t.type===e)||i.push({type:e,name:u(navigator.language,n),description:u(navigator.language,r),preview:!0,documentationURL:ee})}var m=globalThis,ne=m.ShadowRoot&&(m.ShadyCSS===void 0||m.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,re=Symbol(),ie=new WeakMap,ae=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==re)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(ne&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=ie.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&ie.set(t,e))}return e}toString(){return this.cssText}},oe=e=>new ae(typeof e==`string`?e:e+``,void 0,re),h=(e,...t)=>new ae(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,re),se=(e,t)=>{if(ne)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),r=m.litNonce;r!==void 0&&t.setAttribute(`nonce`,r),t.textContent=n.cssText,e.appendChild(t)}},ce=ne?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return oe(t)})(e):e,{is:le,defineProperty:ue,getOwnPropertyDescriptor:de,getOwnPropertyNames:fe,getOwnPropertySymbols:pe,getPrototypeOf:me}=Object,g=globalThis,he=g.trustedTypes,ge=he?he.emptyScript:``,_e=g.reactiveElementPolyfillSupport,_=(e,t)=>e,v={toAttribute(e,t){switch(t){case Boolean:e=e?ge:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},ve=(e,t)=>!le(e,t),ye={attribute:!0,type:String,converter:v,reflect:!1,useDefault:!1,hasChanged:ve};Symbol.metadata??=Symbol(`metadata`),g.litPropertyMetadata??=new WeakMap;var y=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ye){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&ue(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=de(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ye}static _$Ei(){if(this.hasOwnProperty(_(`elementProperties`)))return;let e=me(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(_(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(_(`properties`))){let e=this.properties,t=[...fe(e),...pe(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(ce(e))}else e!==void 0&&t.push(ce(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return se(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?v:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?v:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??ve)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};y.elementStyles=[],y.shadowRootOptions={mode:`open`},y[_(`elementProperties`)]=new Map,y[_(`finalized`)]=new Map,_e?.({ReactiveElement:y}),(g.reactiveElementVersions??=[]).push(`2.1.2`);var be=globalThis,xe=e=>e,b=be.trustedTypes,Se=b?b.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,Ce=`$lit$`,x=`lit$${Math.random().toFixed(9).slice(2)}$`,we=`?`+x,Te=`<${we}>`,S=document,C=()=>S.createComment(``),w=e=>e===null||typeof e!=`object`&&typeof e!=`function`,Ee=Array.isArray,De=e=>Ee(e)||typeof e?.[Symbol.iterator]==`function`,Oe=`[ 	
\f\r]`,T=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ke=/-->/g,Ae=/>/g,E=RegExp(`>|${Oe}(?:([^\\s"'>=/]+)(${Oe}*=${Oe}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),je=/'/g,Me=/"/g,Ne=/^(?:script|style|textarea|title)$/i,Pe=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),D=Pe(1),Fe=Pe(2),O=Symbol.for(`lit-noChange`),k=Symbol.for(`lit-nothing`),Ie=new WeakMap,A=S.createTreeWalker(S,129);function Le(e,t){if(!Ee(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return Se===void 0?t:Se.createHTML(t)}var Re=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=T;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===T?c[1]===`!--`?o=ke:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=E):(Ne.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=E):o=Ae:o===E?c[0]===`>`?(o=i??T,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?E:c[3]===`"`?Me:je):o===Me||o===je?o=E:o===ke||o===Ae?o=T:(o=E,i=void 0);let d=o===E&&e[t+1].startsWith(`/>`)?` `:``;a+=o===T?n+Te:l>=0?(r.push(s),n.slice(0,l)+Ce+n.slice(l)+x+d):n+x+(l===-2?t:d)}return[Le(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},ze=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Re(t,n);if(this.el=e.createElement(l,r),A.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=A.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(Ce)){let t=u[o++],n=i.getAttribute(e).split(x),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?He:r[1]===`?`?Ue:r[1]===`@`?We:M}),i.removeAttribute(e)}else e.startsWith(x)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(Ne.test(i.tagName)){let e=i.textContent.split(x),t=e.length-1;if(t>0){i.textContent=b?b.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],C()),A.nextNode(),c.push({type:2,index:++a});i.append(e[t],C())}}}else if(i.nodeType===8){if(i.data===we)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(x,e+1))!==-1;)c.push({type:7,index:a}),e+=x.length-1}}a++}}static createElement(e,t){let n=S.createElement(`template`);return n.innerHTML=e,n}};function j(e,t,n=e,r){if(t===O)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=w(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=j(e,i._$AS(e,t.values),i,r)),t}var Be=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??S).importNode(t,!0);A.currentNode=r;let i=A.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new Ve(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Ge(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=A.nextNode(),a++)}return A.currentNode=S,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},Ve=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=k,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=j(this,e,t),w(e)?e===k||e==null||e===``?(this._$AH!==k&&this._$AR(),this._$AH=k):e!==this._$AH&&e!==O&&this._(e):e._$litType$===void 0?e.nodeType===void 0?De(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==k&&w(this._$AH)?this._$AA.nextSibling.data=e:this.T(S.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=ze.createElement(Le(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Be(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Ie.get(e.strings);return t===void 0&&Ie.set(e.strings,t=new ze(e)),t}k(t){Ee(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(C()),this.O(C()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=xe(e).nextSibling;xe(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},M=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=k,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=k}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=j(this,e,t,0),a=!w(e)||e!==this._$AH&&e!==O,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=j(this,r[n+o],t,o),s===O&&(s=this._$AH[o]),a||=!w(s)||s!==this._$AH[o],s===k?e=k:e!==k&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===k?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},He=class extends M{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===k?void 0:e}},Ue=class extends M{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==k)}},We=class extends M{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=j(this,e,t,0)??k)===O)return;let n=this._$AH,r=e===k&&n!==k||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==k&&(n===k||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Ge=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){j(this,e)}},Ke=be.litHtmlPolyfillSupport;Ke?.(ze,Ve),(be.litHtmlVersions??=[]).push(`3.3.3`);var qe=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new Ve(t.insertBefore(C(),e),e,void 0,n??{})}return i._$AI(e),i},Je=globalThis,N=class extends y{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=qe(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return O}};N._$litElement$=!0,N.finalized=!0,Je.litElementHydrateSupport?.({LitElement:N});var Ye=Je.litElementPolyfillSupport;Ye?.({LitElement:N}),(Je.litElementVersions??=[]).push(`4.2.2`);var Xe={attribute:!0,type:String,converter:v,reflect:!1,hasChanged:ve},Ze=(e=Xe,t,n)=>{let{kind:r,metadata:i}=n,a=globalThis.litPropertyMetadata.get(i);if(a===void 0&&globalThis.litPropertyMetadata.set(i,a=new Map),r===`setter`&&((e=Object.create(e)).wrapped=!0),a.set(n.name,e),r===`accessor`){let{name:r}=n;return{set(n){let i=t.get.call(this);t.set.call(this,n),this.requestUpdate(r,i,e,!0,n)},init(t){return t!==void 0&&this.C(r,void 0,e,t),t}}}if(r===`setter`){let{name:r}=n;return function(n){let i=this[r];t.call(this,n),this.requestUpdate(r,i,e,!0,n)}}throw Error(`Unsupported decorator location: `+r)};function P(e){return(t,n)=>typeof n==`object`?Ze(e,t,n):((e,t,n)=>{let r=t.hasOwnProperty(n);return t.constructor.createProperty(n,e),r?Object.getOwnPropertyDescriptor(t,n):void 0})(e,t,n)}function F(e){return P({...e,state:!0,attribute:!1})}var Qe=(e,t,n)=>(n.configurable=!0,n.enumerable=!0,Reflect.decorate&&typeof t!=`object`&&Object.defineProperty(e,t,n),n);function $e(e,t){return(n,r,i)=>{let a=t=>t.renderRoot?.querySelector(e)??null;if(t){let{get:e,set:t}=typeof r==`object`?n:i??(()=>{let e=Symbol();return{get(){return this[e]},set(t){this[e]=t}}})();return Qe(n,r,{get(){let n=e.call(this);return n===void 0&&(n=a(this),(n!==null||this.hasUpdated)&&t.call(this,n)),n}})}return Qe(n,r,{get(){return a(this)}})}}var et=h`
  :host {
    display: block;
    --bitaxe-good: var(--success-color, #43a047);
    --bitaxe-warn: var(--warning-color, #ffa600);
    --bitaxe-bad: var(--error-color, #db4437);
    --bitaxe-accent: var(--primary-color, #009ac7);
    --bitaxe-off: var(--disabled-color, #bdbdbd);
    --bitaxe-track: color-mix(
      in srgb,
      var(--primary-text-color, #141414) 10%,
      transparent
    );
    font-variant-numeric: tabular-nums;
  }
  ha-card {
    box-sizing: border-box;
    height: 100%;
    overflow: hidden;
    color: var(--primary-text-color);
    font-size: var(--ha-font-size-m, 14px);
    line-height: var(--ha-line-height-condensed, 1.25);
  }
  .secondary {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .good {
    color: var(--bitaxe-good);
  }
  .warn {
    color: var(--bitaxe-warn);
  }
  .bad {
    color: var(--bitaxe-bad);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .message {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 16px;
    color: var(--secondary-text-color);
  }
  :focus-visible {
    outline: 2px solid var(--bitaxe-accent);
    outline-offset: 2px;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`,tt=h`
  button {
    min-height: 40px;
    padding: 0 16px;
    border: none;
    border-radius: var(--ha-border-radius-pill, 9999px);
    font: inherit;
    font-size: var(--ha-font-size-m, 14px);
    font-weight: var(--ha-font-weight-medium, 500);
    color: var(--primary-text-color);
    background: none;
    cursor: pointer;
  }
  button:focus-visible {
    outline: 2px solid var(--primary-color, #009ac7);
    outline-offset: 2px;
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.filled {
    color: var(--text-primary-color, #fff);
    background: var(--primary-color, #009ac7);
  }
  button.danger {
    color: #fff;
    background: var(--error-color, #db4437);
  }
  button.tonal {
    color: var(--primary-color, #009ac7);
    background: color-mix(in srgb, var(--primary-color, #009ac7) 14%, transparent);
  }
  button.text {
    color: var(--primary-color, #009ac7);
  }
`;function I(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a}var L=class extends N{constructor(...e){super(...e),this.resolve=()=>void 0,this.onClose=()=>{this.resolve(this.dialog.returnValue===`yes`),this.remove()}}static{this.styles=[tt,h`
      dialog {
        box-sizing: border-box;
        width: min(90vw, 420px);
        padding: 24px;
        border: none;
        border-radius: var(--ha-border-radius-3xl, 24px);
        color: var(--primary-text-color);
        background: var(--card-background-color, #fff);
        font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
        box-shadow: 0 8px 32px rgba(0, 0, 0, 0.3);
      }
      dialog::backdrop {
        background: rgba(0, 0, 0, 0.4);
      }
      h2 {
        margin: 0 0 12px;
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: var(--ha-font-weight-medium, 500);
      }
      p {
        margin: 0;
        line-height: 1.5;
        color: var(--secondary-text-color);
        white-space: pre-line;
      }
      .actions {
        display: flex;
        justify-content: flex-end;
        gap: 8px;
        margin-top: 24px;
      }
    `]}ask(){return new Promise(e=>{this.resolve=e,this.updateComplete.then(()=>this.dialog.showModal())})}render(){let{title:e,text:t,confirm:n,destructive:r}=this.question;return D`
      <dialog aria-labelledby="title" aria-describedby="text" @close=${this.onClose}>
        <h2 id="title">${e}</h2>
        <p id="text">${t}</p>
        <form method="dialog" class="actions">
          <button class="text" value="no" autofocus>
            ${d(this.hass,`common.cancel`)}
          </button>
          <button class=${r?`danger`:`filled`} value="yes">
            ${n}
          </button>
        </form>
      </dialog>
    `}};I([P({attribute:!1})],L.prototype,`question`,void 0),I([P({attribute:!1})],L.prototype,`hass`,void 0),I([$e(`dialog`)],L.prototype,`dialog`,void 0);function nt(e,t){p(`bitaxe-confirm-dialog`,L);let n=document.createElement(`bitaxe-confirm-dialog`);return Object.assign(n,{hass:e,question:t}),document.body.append(n),n.ask()}function rt(e,t,n={}){e.dispatchEvent(new CustomEvent(t,{detail:n,bubbles:!0,composed:!0}))}function it(e,t){rt(e,`hass-more-info`,{entityId:t})}function at(e,t){rt(e,`hass-notification`,{message:t})}async function ot(e,t,n){try{return await n(),!0}catch(n){return at(e,d(t,`common.error.failed`,{message:n?.message??d(t,`common.error.unknown`)})),!1}}var st=(e,t,n)=>e.callService(`switch`,n?`turn_on`:`turn_off`,{},{entity_id:t}),ct=(e,t)=>e.callService(`button`,`press`,{},{entity_id:t}),lt=(e,t,n)=>e.callService(`bitaxe`,`apply_configuration`,{device_id:[t],frequency:n.frequency_mhz,core_voltage:n.core_voltage_mv}),ut=(e,t,n)=>e.callService(`bitaxe`,`set_fan`,{device_id:[t],...n}),dt=.5,ft=30,pt=1e4,mt=2e3,ht=6e4;function gt(e,t){if(t.type===`full`)return{miners:t.miners,swarm:t.swarm,connected:!0};if(e===void 0)return;let n=e.miners;if(t.miners!==void 0){let e={...n};for(let[n,r]of Object.entries(t.miners))r===null?delete e[n]:e[n]={...e[n],...r};n=e}let r=t.swarm===void 0?e.swarm:{...e.swarm,...t.swarm};return{miners:n,swarm:r,connected:!0}}var _t=class{constructor(e){this.listeners=new Set,this.interval=dt,this.generation=0,this.retry=mt,this.onReady=()=>{this.end=void 0,this.retry=mt,this.open()},this.onDisconnected=()=>{this.end=void 0,this.data!==void 0&&(this.data={...this.data,connected:!1},this.notify())},this.onVisibility=()=>{clearTimeout(this.hiddenTimer),document.visibilityState===`hidden`?this.hiddenTimer=setTimeout(()=>this.choose(ft),pt):this.choose(dt)},this.connection=e}subscribe(e){return this.listeners.add(e),this.listeners.size===1?this.start():(this.data!==void 0||this.error!==void 0)&&e(this.data,this.error),()=>{this.listeners.delete(e)&&this.listeners.size===0&&this.stop()}}start(){this.connection.addEventListener(`ready`,this.onReady),this.connection.addEventListener(`disconnected`,this.onDisconnected),document.addEventListener(`visibilitychange`,this.onVisibility),this.interval=document.visibilityState===`hidden`?ft:dt,this.open()}stop(){this.connection.removeEventListener(`ready`,this.onReady),this.connection.removeEventListener(`disconnected`,this.onDisconnected),document.removeEventListener(`visibilitychange`,this.onVisibility),clearTimeout(this.hiddenTimer),this.close(),this.data=void 0,this.error=void 0}async open(){this.close();let e=++this.generation;try{let t=await this.connection.subscribeMessage(t=>{e===this.generation&&this.receive(t)},{type:`bitaxe/subscribe`,interval:this.interval},{resubscribe:!1});e===this.generation?(this.end=t,this.retry=mt):await t()}catch(t){e===this.generation&&this.fail(t)}}close(){this.generation++,clearTimeout(this.retryTimer);let e=this.end;this.end=void 0,e?.().catch(()=>void 0)}fail(e){let{code:t=`unknown_error`,message:n=String(e)}=e??{};this.error={code:t,message:n},this.retryTimer=setTimeout(()=>void this.open(),this.retry),this.retry=Math.min(this.retry*2,ht),this.notify()}receive(e){this.data=gt(this.data,e),this.error=void 0,this.notify()}notify(){for(let e of[...this.listeners])e(this.data,this.error)}choose(e){e!==this.interval&&(this.interval=e,this.connection.connected&&this.open())}},vt=new WeakMap;function yt(e,t){let n=vt.get(e.connection);return n===void 0&&(n=new _t(e.connection),vt.set(e.connection,n)),n.subscribe(t)}var R=class extends N{setConfig(e){this.config=this.readConfig(e)}getCardSize(){return 6}connectedCallback(){super.connectedCallback(),this.subscribe()}disconnectedCallback(){super.disconnectedCallback(),this.unsubscribe?.(),this.unsubscribe=void 0}shouldUpdate(e){if(e.size>1||!e.has(`hass`))return!0;let t=e.get(`hass`);return t===void 0||this.isAffected(t,this.hass)}isAffected(e,t){return e.connection!==t.connection||e.locale!==t.locale||e.themes?.darkMode!==t.themes?.darkMode||e.user!==t.user}willUpdate(e){let t=e.get(`hass`);t!==void 0&&t.connection!==this.hass?.connection&&(this.unsubscribe?.(),this.unsubscribe=void 0),this.subscribe()}subscribe(){this.hass!==void 0&&this.isConnected&&this.unsubscribe===void 0&&(this.unsubscribe=yt(this.hass,(e,t)=>{this.live=e,this.liveError=t}))}render(){let{hass:e,config:t,live:n}=this;return e===void 0||t===void 0?D``:n===void 0?this.renderMessage(this.liveError===void 0?`common.waiting`:`common.error.no_live_data`,this.liveError===void 0?`mdi:timer-sand`:`mdi:alert-circle-outline`):this.renderCard(e,t,n)}renderMessage(e,t,n){return D`
      <ha-card>
        <div class="message" role="status">
          <ha-icon .icon=${t}></ha-icon>
          <span>${d(this.hass,e,n)}</span>
        </div>
      </ha-card>
    `}};I([P({attribute:!1})],R.prototype,`hass`,void 0),I([F()],R.prototype,`config`,void 0),I([F()],R.prototype,`live`,void 0),I([F()],R.prototype,`liveError`,void 0);var bt=new Map;function xt(e){switch(e.number_format){case`comma_decimal`:return`en-US`;case`decimal_comma`:return`de`;case`space_comma`:return`fr`;case`quote_decimal`:return`de-CH`;case`system`:return;default:return e.language}}function z(e,t,n=0){if(!V(t))return`–`;let{locale:r}=e,i=`${r.number_format} ${r.language} ${n}`,a=bt.get(i);return a===void 0&&(a=new Intl.NumberFormat(xt(r),{minimumFractionDigits:n,maximumFractionDigits:n,useGrouping:r.number_format!==`none`}),bt.set(i,a)),a.format(t)}function B(e,t,n,r=0){let i=z(e,t,r);return i===`–`?i:`${i}\u00a0${n}`}var St={value:`–`,unit:``},V=e=>e!=null&&Number.isFinite(e),H=({value:e,unit:t})=>t===``?e:`${e}\u00a0${t}`;function Ct(e,t){if(!V(t))return St;if(t>=1e6)return{value:z(e,t/1e6,2),unit:`PH/s`};if(t>=1e3){let n=t>=1e5?1:2;return{value:z(e,t/1e3,n),unit:`TH/s`}}return{value:z(e,t),unit:`GH/s`}}var wt=[``,`k`,`M`,`G`,`T`,`P`,`E`];function Tt(e,t){if(!V(t))return St;let n=0;for(;Math.abs(t)>=999.5&&n<wt.length-1;)t/=1e3,n++;let r=Math.abs(t);return{value:z(e,t,n===0||r>=99.95?0:r>=9.995?1:2),unit:wt[n]??``}}function U(e,t,n,r=0){return V(t)?{value:z(e,t,r),unit:n}:St}var Et=(e,t)=>U(e,t,`W`,V(t)&&t<100?1:0),Dt=(e,t)=>U(e,t,`J/TH`,1),Ot=(e,t)=>U(e,t,`°C`),kt=(e,t,n=0)=>U(e,t,`%`,n),At=(e,t)=>H(Ct(e,t)),jt=(e,t)=>H(Tt(e,t)),Mt=(e,t)=>H(Et(e,t)),Nt=(e,t)=>H(Dt(e,t)),Pt=(e,t)=>H(Ot(e,t)),W=(e,t,n=0)=>H(kt(e,t,n)),Ft=86400;function It(e,t){if(!V(t))return`–`;let n=Math.max(0,Math.floor(t)),r=[[Math.floor(n/Ft),`day`],[Math.floor(n%Ft/3600),`hour`],[Math.floor(n%3600/60),`minute`],[n%60,`second`]],i=r.findIndex(([e])=>e>0);return(i<0?r.slice(-1):r.slice(i,i+2)).filter(([e],t)=>t===0||e>0).map(([t,n])=>`${t}\u00a0${d(e,`common.unit.${n}`)}`).join(` `)}function Lt(e,t){if(!V(t))return`–`;let n=new Date(t*1e3),{language:r,time_format:i}=e.locale,a=n.toDateString()===new Date().toDateString();return new Intl.DateTimeFormat(i===`system`?void 0:r,{...a?{}:{day:`numeric`,month:`short`},hour:`numeric`,minute:`2-digit`,...i===`12`||i===`24`?{hour12:i===`12`}:{}}).format(n)}var Rt={offline:{icon:`mdi:lan-disconnect`,color:`var(--error-color)`,rank:0},overheated:{icon:`mdi:thermometer-alert`,color:`var(--error-color)`,rank:1},fault:{icon:`mdi:alert-octagon`,color:`var(--error-color)`,rank:2},idle:{icon:`mdi:sleep`,color:`var(--warning-color)`,rank:3},starting:{icon:`mdi:progress-clock`,color:`var(--info-color)`,rank:4},paused:{icon:`mdi:pause-circle`,color:`var(--disabled-text-color)`,rank:5},mining:{icon:`mdi:pickaxe`,color:`var(--success-color)`,rank:7}},zt={icon:`mdi:help-circle`,color:`var(--disabled-text-color)`,rank:6};function Bt(e){return(e&&Rt[e])??zt}var Vt=(e,t)=>H(Ot(e,t)),Ht=e=>(t,n)=>H(kt(t,n,e)),Ut={offline:{icon:`mdi:lan-disconnect`,level:`critical`},overheating:{icon:`mdi:thermometer-alert`,level:`critical`,write:Vt},vr_heat:{icon:`mdi:thermometer-alert`,level:`critical`,write:Vt},low_hashrate:{icon:`mdi:trending-down`,level:`warning`,write:Ht(0)},frozen_hashrate:{icon:`mdi:snowflake-alert`,level:`critical`},error_rate:{icon:`mdi:chip`,level:`warning`,write:Ht(1)},reject_rate:{icon:`mdi:close-network`,level:`warning`,write:Ht(1)},low_input_voltage:{icon:`mdi:flash-alert`,level:`warning`,write:(e,t)=>B(e,t,`V`,2)},pool_fallback:{icon:`mdi:server-network-off`,level:`warning`},power_fault:{icon:`mdi:power-plug-off`,level:`critical`},hardware_fault:{icon:`mdi:alert-octagon`,level:`critical`},detuned:{icon:`mdi:arrow-down-bold-circle`,level:`warning`},restarted:{icon:`mdi:restart-alert`,level:`warning`},new_best_difficulty:{icon:`mdi:trophy`,level:`warning`},block_found:{icon:`mdi:treasure-chest`,level:`warning`}},Wt={icon:`mdi:alert`,level:`warning`,write:(e,t)=>z(e,t,1)};function Gt(e,t,n=Date.now()/1e3){let{kind:r,value:i,limit:a,since:o}=t,{icon:s,level:c,write:l}=Ut[r]??Wt,u=t=>f(e,`warning.${r}.${t}`,d(e,`warning.unknown.${t}`));return{icon:s,level:c,title:u(`title`),measured:l&&i!==null?Kt(e,l,i,a):void 0,since:d(e,`warning.since`,{duration:It(e,n-o)}),advice:u(`advice`)}}function Kt(e,t,n,r){let i=t(e,n);return r===null?i:d(e,`warning.measured`,{value:i,limit:t(e,r)})}function qt(e){let t=({kind:e})=>(Ut[e]??Wt).level===`critical`?0:1;return[...e.warnings].sort((e,n)=>t(e)-t(n)||e.since-n.since)}var G=[`1h`,`6h`,`24h`,`7d`],Jt=[`power`,`efficiency`],K={details:!0,chart:!0,controls:!0,span:`24h`,metric:`power`};function Yt(e){return Object.values(e.devices).find(e=>e.entry_type!==`service`&&e.identifiers.some(([e])=>e===`bitaxe`))?.id}var Xt={device:{filter:[{integration:`bitaxe`}],entity:[{domain:`sensor`}]}};function Zt(e,t){let n=e=>u(document.documentElement.lang||navigator.language,e);return{schema:e,computeLabel:({name:e})=>n(`${t}.editor.${e}`),computeHelper:({name:e})=>{let r=`${t}.editor.${e}_help`,i=n(r);return i===r?void 0:i}}}function Qt(e,t){return{select:{mode:`dropdown`,options:e.map(e=>({value:e,label:t(e)}))}}}function $t(){let e=document.documentElement.lang||navigator.language;return Zt([{name:`device_id`,required:!0,selector:Xt},{name:`title`,selector:{text:{}}},{name:`look`,type:`grid`,flatten:!0,schema:[`details`,`chart`,`controls`].map(e=>({name:e,default:K[e],selector:{boolean:{}}}))},{name:``,type:`grid`,flatten:!0,schema:[{name:`span`,default:K.span,selector:Qt(G,e=>e)},{name:`metric`,default:K.metric,selector:Qt(Jt,t=>u(e,`miner.reading.${t}`))}]}],`miner`)}function en(e,t){let n={h:`common.unit.hour`,d:`common.unit.day`}[t.slice(-1)];return`${t.slice(0,-1)} ${n?d(e,n):``}`}var tn=(function(){let e=typeof document<`u`&&document.createElement(`link`).relList;return e&&e.supports&&e.supports(`modulepreload`)?`modulepreload`:`preload`})(),nn=function(e){return`/`+e},rn={},an=function(e){return e.pathname.endsWith(`.css`)},on=function(e,t,n){if(t in e)return e[t];let r=n();if(!r){e[t]=void 0;return}let i=r.then(()=>{e[t]=void 0},n=>{throw e[t]=void 0,n});return e[t]=i,i},sn=function(e,t,n){let r=Promise.resolve();if(t&&t.length>0){let e,i=document.querySelector(`meta[property=csp-nonce]`),a=i?.nonce||i?.getAttribute(`nonce`);function o(e){return Promise.all(e.map(e=>Promise.resolve(e).then(e=>({status:`fulfilled`,value:e}),e=>({status:`rejected`,reason:e}))))}function s(e){return import.meta.resolve?new URL(import.meta.resolve(e)):new URL(e,import.meta.url)}r=o(t.map(t=>{t=nn(t,n);let r=s(t),i=an(r);return on(rn,r.href,()=>{if(e===void 0){e={all:new Set,styles:new Set};let t=document.getElementsByTagName(`link`);for(let n=t.length-1;n>=0;n--){let r=t[n];e.all.add(r.href),r.rel===`stylesheet`&&e.styles.add(r.href)}}if((i?e.styles:e.all).has(r.href))return;let t=document.createElement(`link`);if(t.rel=i?`stylesheet`:tn,i||(t.as=`script`),t.crossOrigin=``,t.href=r.href,a&&t.setAttribute(`nonce`,a),document.head.appendChild(t),i)return new Promise((e,n)=>{let i=a=>{t.removeEventListener(`load`,i),t.removeEventListener(`error`,i),a.type===`error`?n(Error(`Unable to preload CSS for ${r}`)):e(a)};t.addEventListener(`load`,i),t.addEventListener(`error`,i)})})}).filter(e=>e!==void 0))}function i(e){let t=new Event(`vite:preloadError`,{cancelable:!0});if(t.payload=e,window.dispatchEvent(t),!t.defaultPrevented)throw e}return r.then(t=>{for(let e of t||[])e.status===`rejected`&&i(e.reason);return e().catch(i)})},cn=()=>sn(()=>import(`./bitaxe-chart.js`),[]);function ln(e){let{language:t,time_format:n,time_zone:r}=e.locale;return{language:n===`system`?navigator.language:t,timeZone:r===`server`?e.config.time_zone:new Intl.DateTimeFormat().resolvedOptions().timeZone,...n===`12`||n===`24`?{hour12:n===`12`}:{}}}function un(e,t){return t?.message??d(e,`common.error.unknown`)}var dn=h`
  h3 {
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 32px;
  }
  .segments {
    display: flex;
    padding: 2px;
    border-radius: 10px;
    background: var(--bitaxe-track);
  }
  .segments button {
    min-height: 32px;
    padding: 0 10px;
    border: none;
    border-radius: 8px;
    font: inherit;
    font-size: var(--ha-font-size-s, 12px);
    white-space: nowrap;
    color: var(--secondary-text-color);
    background: none;
    cursor: pointer;
  }
  .segments button[aria-pressed="true"] {
    color: var(--primary-text-color);
    font-weight: var(--ha-font-weight-medium, 500);
    background: var(--card-background-color, #fff);
    box-shadow: 0 1px 2px rgba(0, 0, 0, 0.25);
  }
  .segments button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  .critical {
    --level: var(--bitaxe-bad);
  }
  .warning {
    --level: var(--bitaxe-warn);
  }
  .good {
    --level: var(--bitaxe-good);
  }
  .message.alert,
  .problem {
    color: var(--primary-text-color);
  }
  .problem {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--bitaxe-bad) 14%, transparent);
  }
  .problem ha-icon {
    flex: none;
    color: var(--bitaxe-bad);
  }
`;function fn(e,t,n,r){if(e===void 0)return{value:t??void 0,fault:void 0,changed:!1};let i=e.trim().replace(`,`,`.`),a=i===``?NaN:Number(i);return Number.isFinite(a)?{value:a,fault:n!==null&&a<n||r!==null&&a>r?`out_of_range`:void 0,changed:a!==t}:{value:void 0,fault:`not_a_number`,changed:!0}}function pn(e,t,n,r,i){let a=e??r??0,o=n>0?Math.floor(a/t+1e-9)*t+t:Math.ceil(a/t-1e-9)*t-t;return Math.min(Math.max(o,r??-1/0),i??1/0)}var mn={frequency:5,core_voltage:10},hn={frequency:`MHz`,core_voltage:`mV`};function gn({can_control:e,entities:t}){return e&&[`frequency`,`core_voltage`,`fan_speed`,`auto_fan`,`mining`,`restart`].some(e=>t[e]!==void 0)}var q=class extends N{constructor(...e){super(...e),this.device=``,this.typed={},this.fan={},this.applySetting=async e=>{e.preventDefault();let[t,n]=[this.field(`frequency`),this.field(`core_voltage`)];(t.fault??n.fault)===void 0&&(t.changed||n.changed)&&await this.send(`setting`,()=>lt(this.hass,this.device,{frequency_mhz:t.changed?t.value:void 0,core_voltage_mv:n.changed?n.value:void 0}))&&(this.typed={})},this.applyFan=async e=>{e.preventDefault();let t=this.fan.auto??this.miner.auto_fan,{speed:n}=this.fan;await this.send(`fan`,()=>ut(this.hass,this.device,t?{mode:`auto`}:{mode:`manual`,speed:n}))&&(this.fan={})}}willUpdate(e){e.has(`device`)&&(this.typed={},this.fan={},this.problem=this.confirmed=void 0)}render(){let{hass:e,miner:t}=this,{entities:n}=t,r=n.frequency??n.core_voltage,i=n.fan_speed??n.auto_fan,a=n.mining??n.restart;return D`
      <h3>${d(e,`miner.control.title`)}</h3>
      ${t.online?k:D`<p class="secondary">${d(e,`miner.control.offline`)}</p>`}
      <div class="parts">
        ${r===void 0?k:this.setting()}
        ${i===void 0?k:this.cooling()}
      </div>
      ${a===void 0?k:this.commands()}
    `}get idle(){return this.pending===void 0&&this.miner.online}field(e){let{miner:t}=this;return e===`frequency`?fn(this.typed.frequency,t.frequency_mhz,t.frequency_min_mhz,t.frequency_max_mhz):fn(this.typed.core_voltage,t.core_voltage_mv,t.core_voltage_min_mv,t.core_voltage_max_mv)}setting(){let{miner:e}=this,t=[`frequency`,`core_voltage`].filter(t=>e.entities[t]!==void 0),n=t.map(e=>this.field(e)),r=n.some(e=>e.changed),i=n.some(e=>e.fault!==void 0);return D`
      <form class="part" @submit=${this.applySetting} novalidate>
        <div class="fields">
          ${t.map(e=>this.number(e,this.field(e)))}
        </div>
        ${this.footer(`setting`,r,r&&!i,()=>this.typed={})}
      </form>
    `}number(e,t){let{hass:n,miner:r}=this,i=d(n,`miner.reading.${e}`),a=hn[e],[o,s]=e===`frequency`?[r.frequency_min_mhz,r.frequency_max_mhz]:[r.core_voltage_min_mv,r.core_voltage_max_mv],c={low:B(n,o,a),high:B(n,s,a)},l=n=>{this.type(e,String(pn(t.value,mn[e],n,o,s)))},u=t.fault===void 0?o===null||s===null?``:d(n,`miner.control.range`,c):d(n,`miner.control.${t.fault}`,c);return D`
      <div class="field ${t.fault?`faulty`:t.changed?`changed`:``}">
        <label for=${e}>${i}</label>
        <div class="box">
          <button
            type="button"
            class="step"
            aria-label=${d(n,`miner.control.less`,{name:i})}
            ?disabled=${!this.idle||o!==null&&(t.value??o)<=o}
            @click=${()=>l(-1)}
          >
            −
          </button>
          <input
            id=${e}
            inputmode="decimal"
            autocomplete="off"
            .value=${this.typed[e]??String(t.value??``)}
            ?disabled=${!this.idle}
            aria-invalid=${t.fault!==void 0}
            aria-describedby="${e}-hint"
            @input=${t=>this.type(e,t.target.value)}
            @keydown=${e=>{(e.key===`ArrowUp`||e.key===`ArrowDown`)&&(e.preventDefault(),l(e.key===`ArrowUp`?1:-1))}}
          />
          <span class="unit">${a}</span>
          <button
            type="button"
            class="step"
            aria-label=${d(n,`miner.control.more`,{name:i})}
            ?disabled=${!this.idle||s!==null&&(t.value??s)>=s}
            @click=${()=>l(1)}
          >
            +
          </button>
        </div>
        <div id="${e}-hint" class="hint">${u}</div>
      </div>
    `}type(e,t){this.typed={...this.typed,[e]:t},this.problem=this.confirmed=void 0}cooling(){let{hass:e,miner:t}=this,n=this.fan.auto??t.auto_fan??!1,r=this.fan.speed??Math.round(t.fan_speed_percent??0),i=(this.fan.auto??t.auto_fan)!==t.auto_fan||!n&&this.fan.speed!==void 0,a=e=>{this.fan={...this.fan,...e},this.problem=this.confirmed=void 0};return D`
      <form class="part" @submit=${this.applyFan}>
        <div class="field">
          <span id="fan">${d(e,`miner.control.fan`)}</span>
          ${t.entities.auto_fan===void 0?k:D`<div class="segments" role="group" aria-labelledby="fan">
                  ${[!0,!1].map(t=>D`<button
                        type="button"
                        aria-pressed=${n===t}
                        ?disabled=${!this.idle}
                        @click=${()=>a({auto:t})}
                      >
                        ${d(e,t?`miner.control.automatic`:`miner.control.manual`)}
                      </button>`)}
                </div>`}
          ${t.entities.fan_speed===void 0?k:D`<div class="slider ${n?`off`:``}">
                  <input
                    type="range"
                    min="0"
                    max="100"
                    .value=${String(r)}
                    style="--share:${r}%"
                    ?disabled=${!this.idle||n}
                    aria-label=${d(e,`miner.control.speed`)}
                    aria-valuetext="${r} %"
                    @input=${e=>a({speed:Number(e.target.value)})}
                  />
                  <output>${B(e,r,`%`)}</output>
                </div>`}
        </div>
        ${this.footer(`fan`,i,i,()=>this.fan={})}
      </form>
    `}footer(e,t,n,r){let{hass:i}=this;return D`
      ${this.outcome(e)}
      ${t&&this.pending!==e?D`<div class="buttons">
              <button type="button" class="text" @click=${r}>
                ${d(i,`miner.control.discard`)}
              </button>
              <button class="filled" ?disabled=${!n||!this.idle}>
                ${d(i,`miner.control.apply`)}
              </button>
            </div>`:k}
    `}outcome(e){let{hass:t}=this;return D`<div class="outcome" aria-live="polite">
      ${this.pending===e?D`<span class="wait"
              ><i class="spinner"></i>${d(t,`miner.control.pending`)}</span
            >`:this.problem?.part===e?D`<div class="problem" role="alert">
                <ha-icon icon="mdi:alert-circle-outline"></ha-icon>
                <span>${this.problem.text}</span>
              </div>`:this.confirmed===e?D`<span class="wait"
                  ><ha-icon icon="mdi:check-circle" class="good"></ha-icon>${d(t,`miner.control.confirmed`)}</span
                >`:k}
    </div>`}commands(){let{hass:e,miner:t}=this,{mining:n,restart:r}=t.entities,i=t.state===`paused`;return D`
      <div class="buttons start">
        ${n===void 0?k:D`<button
                class="tonal"
                ?disabled=${!this.idle}
                @click=${()=>this.send(`device`,()=>st(e,n,i))}
              >
                <ha-icon .icon=${i?`mdi:play`:`mdi:pause`}></ha-icon>
                ${d(e,i?`miner.control.resume`:`miner.control.pause`)}
              </button>`}
        ${r===void 0?k:D`<button
                class="tonal"
                ?disabled=${!this.idle}
                @click=${()=>this.restart(r)}
              >
                <ha-icon icon="mdi:restart"></ha-icon>
                ${d(e,`miner.control.restart`)}
              </button>`}
      </div>
      ${this.outcome(`device`)}
    `}async restart(e){let{hass:t,miner:n}=this,{name:r}=n;await nt(t,{title:d(t,`miner.control.restart_title`,{name:r}),text:d(t,`miner.control.restart_text`),confirm:d(t,`miner.control.restart`),destructive:!0})&&await this.send(`device`,()=>ct(t,e))&&(this.confirmed=void 0,at(this,d(t,`miner.control.restarting`,{name:r})))}async send(e,t){this.pending=e,this.problem=this.confirmed=void 0;try{return await t(),this.confirmed=e,!0}catch(t){return this.problem={part:e,text:un(this.hass,t)},!1}finally{this.pending=void 0}}static{this.styles=[et,tt,dn,h`
      p {
        margin: 0 0 8px;
      }
      .parts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
        gap: 12px 24px;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(132px, 1fr));
        gap: 12px;
      }
      .field {
        display: grid;
        gap: 4px;
        align-content: start;
      }
      .field > label,
      .field > span {
        font-size: var(--ha-font-size-s, 12px);
        color: var(--secondary-text-color);
      }
      .box {
        display: flex;
        align-items: center;
        border: 1px solid color-mix(in srgb, var(--primary-text-color) 28%, transparent);
        border-radius: 10px;
      }
      .box:focus-within {
        border-color: var(--bitaxe-accent);
        box-shadow: inset 0 0 0 1px var(--bitaxe-accent);
      }
      .changed .box {
        border-color: var(--bitaxe-accent);
      }
      .faulty .box {
        border-color: var(--bitaxe-bad);
        box-shadow: inset 0 0 0 1px var(--bitaxe-bad);
      }
      .box input {
        flex: 1;
        width: 100%;
        min-width: 0;
        height: 42px;
        padding: 0;
        border: none;
        outline: none;
        text-align: end;
        font: inherit;
        font-size: var(--ha-font-size-l, 16px);
        font-variant-numeric: tabular-nums;
        color: inherit;
        background: none;
      }
      .unit {
        flex: 1;
        padding-inline-start: 4px;
        color: var(--secondary-text-color);
        font-size: var(--ha-font-size-s, 12px);
      }
      button.step {
        flex: none;
        width: 40px;
        min-height: 42px;
        padding: 0;
        border-radius: 10px;
        font-size: 20px;
        line-height: 1;
        color: var(--bitaxe-accent);
      }
      .hint {
        min-height: 15px;
        font-size: var(--ha-font-size-s, 12px);
        color: var(--secondary-text-color);
      }
      .faulty .hint {
        color: var(--bitaxe-bad);
      }
      .field .segments button {
        flex: 1;
        min-height: 38px;
        font-size: var(--ha-font-size-m, 14px);
      }
      .slider {
        display: flex;
        gap: 12px;
        align-items: center;
        min-height: 40px;
      }
      .slider.off {
        opacity: 0.55;
      }
      output {
        min-width: 48px;
        text-align: end;
      }
      input[type="range"] {
        flex: 1;
        min-width: 0;
        height: 32px;
        margin: 0;
        appearance: none;
        background: none;
        cursor: pointer;
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 8px;
        border-radius: 4px;
        background: linear-gradient(
          to right,
          var(--bitaxe-accent) var(--share),
          var(--bitaxe-track) var(--share)
        );
      }
      input[type="range"]::-moz-range-track {
        height: 8px;
        border-radius: 4px;
        background: linear-gradient(
          to right,
          var(--bitaxe-accent) var(--share),
          var(--bitaxe-track) var(--share)
        );
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 20px;
        height: 20px;
        margin-top: -6px;
        border: 2px solid var(--card-background-color, #fff);
        border-radius: 50%;
        background: var(--bitaxe-accent);
      }
      input[type="range"]::-moz-range-thumb {
        width: 16px;
        height: 16px;
        border: 2px solid var(--card-background-color, #fff);
        border-radius: 50%;
        background: var(--bitaxe-accent);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: flex-end;
        margin-top: 8px;
      }
      .buttons.start {
        justify-content: flex-start;
        margin-top: 12px;
      }
      .tonal {
        display: inline-flex;
        gap: 8px;
        align-items: center;
        --mdc-icon-size: 20px;
      }
      .outcome:not(:empty) {
        margin-top: 8px;
      }
      .wait {
        display: flex;
        gap: 8px;
        align-items: center;
        color: var(--secondary-text-color);
      }
      .spinner {
        width: 14px;
        height: 14px;
        border: 2px solid var(--bitaxe-track);
        border-top-color: var(--bitaxe-accent);
        border-radius: 50%;
        animation: turn 0.9s linear infinite;
      }
      @keyframes turn {
        to {
          rotate: 1turn;
        }
      }
    `]}};I([P({attribute:!1})],q.prototype,`hass`,void 0),I([P()],q.prototype,`device`,void 0),I([P({attribute:!1})],q.prototype,`miner`,void 0),I([F()],q.prototype,`typed`,void 0),I([F()],q.prototype,`fan`,void 0),I([F()],q.prototype,`pending`,void 0),I([F()],q.prototype,`problem`,void 0),I([F()],q.prototype,`confirmed`,void 0),p(`bitaxe-miner-controls`,q);var _n=5,vn={warning:.9,critical:.75},yn={warning:1,critical:3},bn={warning:1,critical:3},xn={warning:.875,critical:1},Sn={warning:.98,critical:.96},Cn={warning:-70,critical:-80};function wn(e,t){if(e!=null&&t!=null)return e>=t?`critical`:e>=t-_n?`warning`:`good`}function Tn(e,t){return t?Pn(e,Mn(vn,t)):void 0}function En(e,t){return t?Nn(e,Mn(xn,t)):void 0}function Dn(e,t){return t?Pn(e,Mn(Sn,t)):void 0}function On(e){return Nn(e,yn)}function kn(e){return Nn(e,bn)}function An(e){return Pn(e,Cn)}function jn(e){switch(e){case`excellent`:case`stable`:return`good`;case`variable`:return`warning`;case`unstable`:return`critical`;default:return}}function Mn({warning:e,critical:t},n){return{warning:e*n,critical:t*n}}function Nn(e,t){if(e!=null)return e>=t.critical?`critical`:e>=t.warning?`warning`:`good`}function Pn(e,t){if(e!=null)return e<t.critical?`critical`:e<t.warning?`warning`:`good`}var J=(e,t)=>e===null||!t?void 0:e/t;function Y(e,t,n,r=0){let i=z(e,t,r);return{value:i,unit:i===`–`?``:n}}function Fn(e,t){let{entities:n}=t,r=t=>t===null?``:d(e,`miner.limit`,{limit:Pt(e,t)}),i=J(t.hashrate_ghs,t.expected_hashrate_ghs);return[{name:`hashrate`,...Ct(e,t.hashrate_ghs),note:i===void 0?``:d(e,`miner.share_of_expected`,{percent:W(e,i*100),expected:At(e,t.expected_hashrate_ghs)}),share:i,level:Tn(t.hashrate_ghs,t.expected_hashrate_ghs),entity:n.hashrate},{name:`efficiency`,...Y(e,t.efficiency_j_th,`J/TH`,1),note:t.best?.verdict===`change`&&t.best.efficiency_change_j_th!==null?d(e,`miner.possible`,{change:z(e,t.best.efficiency_change_j_th,1)}):``,entity:n.efficiency},{name:`power`,...Y(e,t.power_w,`W`,+((t.power_w??0)<100)),note:t.power_limit_w===null?``:d(e,`miner.of_limit`,{limit:B(e,t.power_limit_w,`W`)}),share:J(t.power_w,t.power_limit_w),level:En(t.power_w,t.power_limit_w),entity:n.power},{name:`asic`,...Y(e,t.asic_temperature_c,`°C`,1),note:r(t.asic_limit_c),share:J(t.asic_temperature_c,t.asic_limit_c),level:wn(t.asic_temperature_c,t.asic_limit_c),entity:n.asic_temperature},{name:`vr`,...Y(e,t.vr_temperature_c,`°C`),note:r(t.vr_limit_c),share:J(t.vr_temperature_c,t.vr_limit_c),level:wn(t.vr_temperature_c,t.vr_limit_c),entity:n.vr_temperature},{name:`fan`,...Y(e,t.fan_speed_percent,`%`),note:t.fan_rpm===null?``:B(e,t.fan_rpm,`RPM`),share:J(t.fan_speed_percent,100),entity:n.fan_rpm??n.fan_speed},{name:`input_voltage`,...Y(e,t.input_voltage_v,`V`,2),note:t.nominal_voltage_v===null?``:d(e,`miner.nominal`,{voltage:B(e,t.nominal_voltage_v,`V`)}),level:Dn(t.input_voltage_v,t.nominal_voltage_v),entity:n.input_voltage}]}function In(e,t,n){let r=t.shares_accepted;return[{name:`frequency`,known:t.frequency_mhz,value:B(e,t.frequency_mhz,`MHz`,Ln(t.frequency_mhz))},{name:`core_voltage`,known:t.core_voltage_mv,value:B(e,t.core_voltage_mv,`mV`),note:t.core_voltage_actual_mv===null?void 0:d(e,`miner.measured`,{value:B(e,t.core_voltage_actual_mv,`mV`)})},{name:`fan_control`,known:t.auto_fan,value:d(e,t.auto_fan?`miner.auto_fan`:`miner.manual_fan`),note:t.auto_fan&&t.target_temperature_c!==null?d(e,`miner.aims_at`,{target:Pt(e,t.target_temperature_c)}):void 0},{name:`uptime`,known:t.online?t.boot_time:null,value:It(e,t.boot_time===null?null:n-t.boot_time)},{name:`rejected`,known:t.reject_rate_percent,value:W(e,t.reject_rate_percent,2),note:r===null?void 0:d(e,`miner.accepted`,{count:z(e,r)}),level:On(t.reject_rate_percent)},{name:`errors`,known:t.error_rate_percent,value:W(e,t.error_rate_percent,2),level:kn(t.error_rate_percent)},{name:`stability`,known:t.stability,value:d(e,`common.stability.${t.stability??`unknown`}`),note:t.variation_24h_percent===null?void 0:`± ${W(e,t.variation_24h_percent,1)}`,level:jn(t.stability)},{name:`best`,known:t.best_difficulty,value:jt(e,t.best_difficulty),note:t.best_session_difficulty===null?void 0:d(e,`miner.session`,{value:jt(e,t.best_session_difficulty)})},{name:`blocks`,known:t.blocks_found?!0:null,value:z(e,t.blocks_found),level:`good`},{name:`pool`,known:t.pool,value:t.pool??`–`,note:t.using_fallback?d(e,`miner.fallback`):void 0,level:t.using_fallback?`warning`:void 0},{name:`pool_difficulty`,known:t.pool_difficulty,value:jt(e,t.pool_difficulty)},{name:`response`,known:t.response_time_ms,value:B(e,t.response_time_ms,`ms`)},{name:`wifi`,known:t.wifi_rssi_dbm,value:B(e,t.wifi_rssi_dbm,`dBm`),level:An(t.wifi_rssi_dbm)}].filter(({known:e})=>e!==null)}function Ln(e){return e===null||Number.isInteger(e)?0:2}var X=[`hashrate_ghs`,`expected_hashrate_ghs`,`asic_temperature_c`,`vr_temperature_c`,`power_w`,`efficiency_j_th`],Rn=10,zn=1.5,Bn=e=>Number(e.slice(0,-1))*(e.endsWith(`d`)?86400:3600);function Vn(e,t,n){let r=e.at(-1);if(r!==void 0&&n-r.time<Rn)return e;let i=Object.fromEntries(X.map(e=>[e,t.online?t[e]:null]));return[...e.slice(-119),{time:n,...i}]}function Hn(e,t,n){let r=[],i=Object.fromEntries(X.map(e=>[e,[]])),a=(e,t)=>{r.push(e);for(let e of X)i[e].push(t(e))},o=-1/0,{time:s,seconds:c}=e.columns;s.forEach((t,i)=>{let s=c[i]??0,l=t+s/2;l<n||(t-o>s*zn&&r.length>0&&a(t,()=>null),a(l,t=>e.columns[t]?.[i]??null),o=t+s)});for(let e of t)e.time>o&&e.time>=n&&a(e.time,t=>e[t]);return{times:r,columns:i}}function Un(e,t){return`${z(e,t.frequency_mhz,Ln(t.frequency_mhz))}\u00a0MHz · ${B(e,t.core_voltage_mv,`mV`)}`}var Z=e=>`color-mix(in srgb, ${e}, var(--primary-text-color) 14%)`,Q={hashrate:Z(`var(--blue-color, #2196f3)`),expected:`var(--secondary-text-color)`,asic:Z(`var(--deep-orange-color, #ff6f22)`),vr:Z(`var(--purple-color, #926bc7)`),power:Z(`var(--pink-color, #e91e63)`),efficiency:Z(`var(--teal-color, #009688)`)};function Wn(e,t,n,r,i,a){let o=a-Bn(r),{times:s,columns:c}=Hn(t,n,o),l=(e,t,n,r={})=>({label:t,color:n,values:c[e],...r}),u=c.hashrate_ghs.some(e=>(e??0)>=1e3)?1e3:1;for(let e of[`hashrate_ghs`,`expected_hashrate_ghs`])c[e]=c[e].map(e=>e&&e/u);let f=(t,n)=>z(e,t,n),ee=[{title:d(e,`miner.reading.hashrate`),lines:[l(`hashrate_ghs`,d(e,`miner.trend.measured`),Q.hashrate,{filled:!0}),l(`expected_hashrate_ghs`,d(e,`miner.trend.expected`),Q.expected,{dashed:!0})],write:t=>At(e,t*u),tick:f},{title:d(e,`miner.trend.temperature`),lines:[l(`asic_temperature_c`,d(e,`miner.reading.asic`),Q.asic),l(`vr_temperature_c`,d(e,`miner.reading.vr`),Q.vr)],write:t=>B(e,t,`°C`,1),tick:f},i===`power`?{title:d(e,`miner.reading.power`),lines:[l(`power_w`,``,Q.power)],write:t=>Mt(e,t),tick:f}:{title:d(e,`miner.reading.efficiency`),lines:[l(`efficiency_j_th`,``,Q.efficiency)],write:t=>Nt(e,t),tick:f,robust:!0}];for(let e of ee)e.lines=e.lines.filter(({values:e})=>e.some(e=>e!==null));return{start:o,end:a,times:s,panels:ee.filter(({lines:e})=>e.length>0),marks:t.changes.filter(({time:e})=>e>=o).map(({time:t,before:n,after:r})=>({time:t,label:d(e,`miner.trend.change`,{before:Un(e,n),after:Un(e,r)})}))}}var Gn=class extends R{constructor(...e){super(...e),this.restoring=!1}static getConfigForm(){return $t()}static getStubConfig(e){let t=Yt(e);return t===void 0?{}:{device_id:t}}readConfig(e){let{span:t,metric:n}=e;if(t!==void 0&&!G.includes(t))throw Error(`span: ${t} (${G.join(`, `)})`);if(n!==void 0&&n!==`power`&&n!==`efficiency`)throw Error(`metric: ${String(n)} (power, efficiency)`);return{...K,...e}}getCardSize(){let{details:e,chart:t,controls:n}={...K,...this.config};return 5+3*Number(e)+7*Number(t)+4*Number(n)}getGridOptions(){return{columns:12,min_columns:6,rows:`auto`}}shouldUpdate(e){let t=e.get(`live`),n=this.config?.device_id;return e.size===1&&t!==void 0&&n!==void 0&&this.live?t.miners[n]!==this.live.miners[n]||t.connected!==this.live.connected:super.shouldUpdate(e)}renderCard(e,t,n){let r=t.device_id,i=r===void 0?void 0:n.miners[r];return r===void 0||i===void 0?this.renderMessage(r===void 0?`miner.no_miner`:`miner.not_found`,`mdi:pickaxe`):D`
      <ha-card class=${n.connected&&i.online?``:`stale`}>
        <div class="card">
          ${this.header(e,i,n.connected)} ${this.warnings(e,i)}
          <div class="columns ${t.chart?``:`single`}">
            <div class="figures">
              <div class="tiles">
                ${Fn(e,i).map(e=>this.tile(e))}
              </div>
              ${t.details?D`<dl>
                      ${In(e,i,Date.now()/1e3).map(e=>this.fact(e))}
                    </dl>`:k}
            </div>
            ${t.chart?D`<bitaxe-miner-trend
                    .hass=${e}
                    .device=${r}
                    .miner=${i}
                    .span=${t.span??K.span}
                    .metric=${t.metric??K.metric}
                  ></bitaxe-miner-trend>`:k}
          </div>
          ${t.controls&&gn(i)?D`<bitaxe-miner-controls
                  .hass=${e}
                  .device=${r}
                  .miner=${i}
                ></bitaxe-miner-controls>`:k}
        </div>
      </ha-card>
    `}header(e,t,n){let r=Bt(t.state),i=this.config?.title??t.name,a=[t.model,t.firmware,t.area].filter(Boolean);return D`
      <header style="--state:${r.color}">
        <span class="badge"><ha-icon .icon=${r.icon}></ha-icon></span>
        <div class="name">
          <h2>${i}</h2>
          <div class="secondary">
            <span class="state">${d(e,`common.state.${t.state}`)}</span>
            ${n?t.online?a.map(e=>D`<span>${e}</span>`):D`<span
                      >${d(e,`miner.seen`,{time:Lt(e,t.last_seen)})}</span
                    >`:D`<span>${d(e,`common.disconnected`)}</span>`}
          </div>
        </div>
        ${t.url===null?k:D`<a
                href=${t.url}
                target="_blank"
                rel="noreferrer noopener"
                title=${d(e,`miner.web`,{name:i})}
                aria-label=${d(e,`miner.web`,{name:i})}
                ><ha-icon icon="mdi:open-in-new"></ha-icon
              ></a>`}
      </header>
    `}warnings(e,t){let n=qt(t);return t.detuned!==null&&!n.some(({kind:e})=>e===`detuned`)&&n.push({kind:`detuned`,value:null,limit:null,since:NaN}),n.length===0?k:D`<ul class="warnings" aria-live="polite">
      ${n.map(n=>this.warning(e,t,n))}
    </ul>`}warning(e,t,n){let{icon:r,level:i,title:a,measured:o,since:s,advice:c}=Gt(e,n),l=t.entities.restore_settings;return D`<li class=${i}>
      <ha-icon .icon=${r}></ha-icon>
      <div>
        <b>${a}</b>
        <div class="secondary">
          ${o?D`<span>${o}</span>`:k}
          ${n.since?D`<span>${s}</span>`:k}
        </div>
        <div class="advice">${c}</div>
        ${n.kind===`detuned`&&t.detuned!==null&&l!==void 0&&t.can_control&&t.online?D`<button
                class="tonal"
                ?disabled=${this.restoring}
                @click=${()=>void this.restore(e,l)}
              >
                ${this.restoring?d(e,`miner.control.pending`):d(e,`miner.restore`,{setting:Un(e,t.detuned)})}
              </button>`:k}
      </div>
    </li>`}async restore(e,t){this.restoring=!0,await ot(this,e,()=>ct(e,t)),this.restoring=!1}tile({name:e,value:t,unit:n,note:r,share:i,level:a,entity:o}){let s=D`
      <span class="label"
        >${d(this.hass,`miner.reading.${e}`)}${a===`warning`||a===`critical`?D`<ha-icon icon="mdi:alert"></ha-icon>`:k}</span
      >
      <span class="value">${t}<small>${n}</small></span>
      <span class="track"
        >${i===void 0?k:D`<i style="width:${Math.min(Math.max(i,0),1)*100}%"></i>`}</span
      >
      <span class="note">${r}</span>
    `,c=`tile ${e} ${a??``} ${i===void 0?`bare`:``}`;return o===void 0?D`<div class=${c}>${s}</div>`:D`<button class=${c} @click=${()=>it(this,o)}>
          ${s}
        </button>`}fact({name:e,value:t,note:n,level:r}){return D`<div class="fact ${r??``}">
      <dt>${d(this.hass,`miner.reading.${e}`)}</dt>
      <dd>
        ${r===`warning`||r===`critical`?D`<ha-icon icon="mdi:alert"></ha-icon>`:k}${t}${n?D` <small>${n}</small>`:k}
      </dd>
    </div>`}static{this.styles=[et,tt,dn,h`
      :host {
        container-type: inline-size;
      }
      .card {
        display: grid;
        gap: 16px;
        padding: 16px;
      }
      header {
        display: flex;
        gap: 12px;
        align-items: center;
        min-width: 0;
      }
      .badge {
        display: grid;
        flex: none;
        place-items: center;
        width: 42px;
        height: 42px;
        border-radius: 50%;
        color: var(--state);
        background: color-mix(in srgb, var(--state) 18%, transparent);
      }
      .name {
        flex: 1;
        min-width: 0;
      }
      h2 {
        margin: 0;
        overflow: hidden;
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: var(--ha-font-weight-medium, 500);
        line-height: 1.3;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .secondary span + span::before {
        content: " · ";
      }
      .state {
        font-weight: var(--ha-font-weight-medium, 500);
        color: var(--primary-text-color);
      }
      a {
        display: grid;
        flex: none;
        place-items: center;
        width: 44px;
        height: 44px;
        margin: -6px;
        border-radius: 50%;
        color: var(--secondary-text-color);
      }
      .warnings {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .warnings li {
        display: flex;
        gap: 12px;
        padding: 12px;
        border-radius: 12px;
        line-height: 1.4;
        background: color-mix(in srgb, var(--level) 14%, transparent);
      }
      .warnings li > ha-icon {
        flex: none;
        color: var(--level);
      }
      .warnings b {
        font-weight: var(--ha-font-weight-medium, 500);
      }
      .warnings button {
        margin-top: 8px;
        padding: 8px 16px;
        border-radius: 20px;
        line-height: 1.3;
      }
      .columns,
      .figures {
        display: grid;
        gap: 16px;
        min-width: 0;
        align-content: start;
      }
      /* On a phone the trend comes before the details. */
      .figures {
        display: contents;
      }
      dl {
        order: 1;
      }
      .tiles {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 8px;
      }
      .tile {
        display: grid;
        grid-template-rows: auto auto 4px 1fr;
        gap: 4px;
        min-width: 0;
        min-height: 0;
        padding: 10px 12px;
        border-radius: 12px;
        color: inherit;
        text-align: start;
        font: inherit;
        font-variant-numeric: tabular-nums;
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
      }
      button.tile:hover {
        background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
      }
      .hashrate {
        grid-column: span 2;
      }
      .label,
      .note,
      dt {
        overflow: hidden;
        font-size: var(--ha-font-size-s, 12px);
        color: var(--secondary-text-color);
        text-overflow: ellipsis;
      }
      .label {
        display: flex;
        gap: 4px;
        align-items: center;
        white-space: nowrap;
      }
      .label ha-icon,
      dd ha-icon {
        --mdc-icon-size: 15px;
        color: var(--level);
      }
      .note {
        min-height: 15px;
      }
      .value {
        font-size: 22px;
        font-weight: var(--ha-font-weight-medium, 500);
        line-height: 1.15;
        white-space: nowrap;
      }
      .hashrate .value {
        font-size: 34px;
      }
      small {
        margin-inline-start: 4px;
        font-size: var(--ha-font-size-s, 12px);
        font-weight: var(--ha-font-weight-normal, 400);
        color: var(--secondary-text-color);
      }
      .hashrate small {
        font-size: var(--ha-font-size-l, 16px);
      }
      .track {
        height: 4px;
        overflow: hidden;
        border-radius: 2px;
        background: var(--bitaxe-track);
      }
      .bare .track {
        background: none;
      }
      .track i {
        display: block;
        height: 100%;
        border-radius: 2px;
        background: var(--level, var(--bitaxe-accent));
        transition: width 0.6s ease;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(116px, 1fr));
        gap: 12px 16px;
        margin: 0;
        padding: 0 4px;
      }
      .fact {
        min-width: 0;
        color: inherit;
      }
      dd {
        margin: 2px 0 0;
        overflow-wrap: anywhere;
      }
      dd small {
        margin: 0;
        white-space: nowrap;
      }
      .stale .tiles,
      .stale dl {
        opacity: 0.55;
      }
      bitaxe-miner-controls {
        padding-top: 16px;
        border-top: 1px solid var(--divider-color);
      }
      @container (width >= 460px) {
        .tiles {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
      @container (width >= 900px) {
        .columns:not(.single) {
          grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
          gap: 24px;
        }
        .figures {
          display: grid;
        }
      }
    `]}};I([F()],Gn.prototype,`restoring`,void 0);var Kn=40,qn=new WeakMap;function Jn(e,t,n){let r=qn.get(e.connection);r===void 0&&(r=new Map,qn.set(e.connection,r));let i=JSON.stringify(t),a=Date.now(),o=r.get(i);if(o!==void 0&&a-o.time<n*1e3)return o.answer;let s=e.connection.sendMessagePromise(t),c={answer:s,time:a};r.delete(i),r.set(i,c);for(let e of r.keys()){if(r.size<=Kn)break;r.delete(e)}return s.catch(()=>{r.get(i)===c&&r.delete(i)}),s}function Yn(e,t,n,r){let i={type:`bitaxe/series`,span:t,columns:n};return Jn(e,r===void 0?i:{...i,device_id:r},60)}var Xn=3e5,$=class extends N{constructor(...e){super(...e),this.device=``,this.span=`24h`,this.metric=`power`,this.problem=``,this.samples=[],this.ready=!1,this.asked=``}connectedCallback(){super.connectedCallback(),this.timer=setInterval(()=>void this.load(),Xn),cn().then(()=>this.ready=!0,e=>this.problem=un(this.hass,e))}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}willUpdate(e){e.has(`device`)&&(this.course=void 0,this.samples=[]),e.has(`miner`)&&(this.samples=Vn(this.samples,this.miner,Date.now()/1e3)),`${this.device} ${this.span}`!==this.asked&&this.load(),this.course!==void 0&&[`course`,`samples`,`metric`,`hass`].some(t=>e.has(t))&&(this.trend=Wn(this.hass,this.course,this.samples,this.asked.split(` `)[1]??this.span,this.metric,Date.now()/1e3))}async load(){let{device:e,span:t}=this,n=`${e} ${t}`;this.asked=n;try{let{miners:r}=await Yn(this.hass,t,X,[e]);this.asked===n&&(this.course=r[0],this.problem=``)}catch(e){this.asked===n&&(this.course=void 0,this.problem=un(this.hass,e))}}render(){let{hass:e}=this;return D`
      <div class="bar">
        <h3>${d(e,`miner.trend.title`)}</h3>
        ${this.group(`miner.trend.third`,Jt,this.metric,t=>d(e,`miner.reading.${t}`))}
        ${this.group(`miner.trend.span`,G,this.span,t=>en(e,t))}
      </div>
      ${this.chart()}
    `}group(e,t,n,r){return D`<div
      class="segments"
      role="group"
      aria-label=${d(this.hass,e)}
    >
      ${t.map(t=>D`<button
            aria-pressed=${t===n}
            @click=${()=>{e===`miner.trend.span`?this.span=t:this.metric=t}}
          >
            ${r(t)}
          </button>`)}
    </div>`}chart(){let{hass:e,trend:t}=this,n=(e,t=`status`)=>D`<div class="note" role=${t}>${e}</div>`;return this.problem?n(this.problem,`alert`):!this.ready||this.course===void 0||t===void 0?n(d(e,`miner.trend.loading`)):t.panels.length===0?n(d(e,`miner.trend.empty`)):D`<bitaxe-trend-chart
      .trend=${t}
      .clock=${ln(e)}
      .label=${d(e,`miner.trend.label`,{name:this.miner.name})}
      .hint=${d(e,`miner.trend.changed`)}
      aria-busy=${this.course===void 0?`true`:k}
    ></bitaxe-trend-chart>`}static{this.styles=[et,dn,h`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        margin-bottom: 4px;
      }
      h3 {
        margin-inline-end: auto;
      }
      .note {
        display: grid;
        place-items: center;
        min-height: 220px;
        padding: 0 16px;
        text-align: center;
        color: var(--secondary-text-color);
      }
    `]}};I([P({attribute:!1})],$.prototype,`hass`,void 0),I([P()],$.prototype,`device`,void 0),I([P({attribute:!1})],$.prototype,`miner`,void 0),I([P()],$.prototype,`span`,void 0),I([P()],$.prototype,`metric`,void 0),I([F()],$.prototype,`course`,void 0),I([F()],$.prototype,`problem`,void 0),I([F()],$.prototype,`samples`,void 0),I([F()],$.prototype,`ready`,void 0),p(`bitaxe-miner-trend`,$),te(`bitaxe-miner-card`,Gn,`miner.name`,`miner.description`);export{h as a,Fe as i,k as n,D as r,N as t};