"""Key order of `GET /api/system/info` per tag, as its source code adds them.

ESP-Miner `main/http_server/http_server.c` and, from v2.14 on, `system_api_json.c`.
Keys that come and go are left out of these lists by what they need: `power_fault`,
`hardware_fault` and `mdnsHostname`.
"""

_V2_1_10 = """
power voltage current temp vrTemp hashRate bestDiff bestSessionDiff freeHeap
coreVoltage coreVoltageActual frequency ssid hostname wifiStatus sharesAccepted
sharesRejected uptimeSeconds asicCount smallCoreCount ASICModel stratumURL stratumPort
stratumUser version boardVersion runningPartition flipscreen overheat_mode invertscreen
invertfanpolarity autofanspeed fanspeed fanrpm
"""

_V2_4_5 = """
power voltage current temp vrTemp hashRate bestDiff bestSessionDiff stratumDiff
isUsingFallbackStratum freeHeap coreVoltage coreVoltageActual frequency ssid macAddr
hostname wifiStatus sharesAccepted sharesRejected uptimeSeconds asicCount smallCoreCount
ASICModel stratumURL fallbackStratumURL stratumPort fallbackStratumPort stratumUser
fallbackStratumUser version idfVersion boardVersion runningPartition flipscreen
overheat_mode invertscreen invertfanpolarity autofanspeed fanspeed fanrpm
"""

_V2_7_2 = """
power voltage current temp vrTemp maxPower nominalVoltage hashRate bestDiff
bestSessionDiff stratumDiff isUsingFallbackStratum isPSRAMAvailable freeHeap coreVoltage
coreVoltageActual frequency ssid macAddr hostname wifiStatus wifiRSSI apEnabled
sharesAccepted sharesRejected sharesRejectedReasons uptimeSeconds asicCount
smallCoreCount ASICModel stratumURL fallbackStratumURL stratumPort fallbackStratumPort
stratumUser fallbackStratumUser version idfVersion boardVersion runningPartition
flipscreen overheat_mode overclockEnabled invertscreen displayTimeout autofanspeed
fanspeed temptarget fanrpm
"""

_V2_8_1 = """
power voltage current temp vrTemp maxPower nominalVoltage hashRate expectedHashrate
bestDiff bestSessionDiff stratumDiff isUsingFallbackStratum isPSRAMAvailable freeHeap
coreVoltage coreVoltageActual frequency ssid macAddr hostname wifiStatus wifiRSSI
apEnabled sharesAccepted sharesRejected sharesRejectedReasons uptimeSeconds asicCount
smallCoreCount ASICModel stratumURL fallbackStratumURL stratumPort fallbackStratumPort
stratumUser fallbackStratumUser version idfVersion boardVersion runningPartition
overheat_mode overclockEnabled display flipscreen invertscreen displayTimeout
autofanspeed fanspeed temptarget fanrpm statsLimit statsDuration
"""

_V2_9_0 = """
power voltage current temp vrTemp maxPower nominalVoltage hashRate expectedHashrate
bestDiff bestSessionDiff poolDifficulty isUsingFallbackStratum isPSRAMAvailable freeHeap
coreVoltage coreVoltageActual frequency ssid macAddr hostname wifiStatus wifiRSSI
apEnabled sharesAccepted sharesRejected sharesRejectedReasons uptimeSeconds
smallCoreCount ASICModel stratumURL stratumPort stratumUser stratumSuggestedDifficulty
stratumExtranonceSubscribe fallbackStratumURL fallbackStratumPort fallbackStratumUser
fallbackStratumSuggestedDifficulty fallbackStratumExtranonceSubscribe responseTime
version axeOSVersion idfVersion boardVersion runningPartition overheat_mode
overclockEnabled display rotation invertscreen displayTimeout autofanspeed fanspeed
temptarget fanrpm statsFrequency
"""

_V2_12_2 = """
power voltage current temp temp2 vrTemp maxPower nominalVoltage hashRate hashRate_1m
hashRate_10m hashRate_1h expectedHashrate errorPercentage bestDiff bestSessionDiff
poolDifficulty isUsingFallbackStratum poolAddrFamily isPSRAMAvailable freeHeap
freeHeapInternal freeHeapSpiram coreVoltage coreVoltageActual frequency ssid macAddr
hostname ipv4 ipv6 wifiStatus wifiRSSI apEnabled sharesAccepted sharesRejected
sharesRejectedReasons uptimeSeconds smallCoreCount ASICModel stratumURL stratumPort
stratumUser stratumSuggestedDifficulty stratumExtranonceSubscribe fallbackStratumURL
fallbackStratumPort fallbackStratumUser fallbackStratumSuggestedDifficulty
fallbackStratumExtranonceSubscribe responseTime version axeOSVersion idfVersion
boardVersion resetReason runningPartition overheat_mode overclockEnabled display rotation
invertscreen displayTimeout autofanspeed fanspeed manualFanSpeed minFanSpeed temptarget
fanrpm fan2rpm statsFrequency blockFound blockHeight scriptsig networkDifficulty
hashrateMonitor
"""

_V2_13_2 = """
power voltage current temp temp2 vrTemp maxPower nominalVoltage hashRate hashRate_1m
hashRate_10m hashRate_1h expectedHashrate errorPercentage bestDiff bestSessionDiff
poolDifficulty isUsingFallbackStratum poolConnectionInfo isPSRAMAvailable freeHeap
freeHeapInternal freeHeapSpiram coreVoltage coreVoltageActual frequency ssid macAddr
hostname ipv4 ipv6 wifiStatus wifiRSSI apEnabled sharesAccepted sharesRejected
sharesRejectedReasons uptimeSeconds smallCoreCount ASICModel stratumURL stratumPort
stratumUser stratumSuggestedDifficulty stratumExtranonceSubscribe stratumTLS stratumCert
stratumDecodeCoinbase fallbackStratumURL fallbackStratumPort fallbackStratumUser
fallbackStratumSuggestedDifficulty fallbackStratumExtranonceSubscribe fallbackStratumTLS
fallbackStratumCert fallbackStratumDecodeCoinbase responseTime version axeOSVersion
idfVersion boardVersion resetReason runningPartition overheat_mode overclockEnabled
display rotation invertscreen displayTimeout autofanspeed fanspeed manualFanSpeed
minFanSpeed temptarget fanrpm fan2rpm statsFrequency blockFound showNewBlock blockHeight
scriptsig networkDifficulty coinbaseOutputs coinbaseValueTotalSatoshis
coinbaseValueUserSatoshis hashrateMonitor
"""

_V2_14_2 = """
power voltage current temp temp2 vrTemp coreVoltageActual actualFrequency
expectedHashrate fanspeed fanrpm fan2rpm hashRate hashRate_1m hashRate_10m hashRate_1h
errorPercentage sharesAccepted sharesRejected bestDiff bestSessionDiff poolDifficulty
responseTime responseShareBatch processTime blockFound showNewBlock blockHeight
scriptsig networkDifficulty coinbaseValueTotalSatoshis coinbaseValueUserSatoshis
freeHeap freeHeapInternal freeHeapSpiram uptimeSeconds cpuUsage miningPaused
overheat_mode wifiStatus wifiRSSI version axeOSVersion idfVersion boardVersion maxPower
nominalVoltage smallCoreCount ASICModel isPSRAMAvailable resetReason runningPartition
macAddr hostname ssid ipv4 ipv6 apEnabled poolConnectionInfo isUsingFallbackStratum
stratumURL stratumPort stratumUser stratumSuggestedDifficulty stratumExtranonceSubscribe
stratumTLS stratumCert stratumDecodeCoinbase fallbackStratumURL fallbackStratumPort
fallbackStratumUser fallbackStratumSuggestedDifficulty
fallbackStratumExtranonceSubscribe fallbackStratumTLS fallbackStratumCert
fallbackStratumDecodeCoinbase stratumProtocol stratumV2AuthorityPubkey
stratumV2ChannelType fallbackStratumV2AuthorityPubkey fallbackStratumV2ChannelType
fallbackStratumProtocol overclockEnabled display rotation invertscreen displayTimeout
autofanspeed manualFanSpeed minFanSpeed temptarget coreVoltage frequency statsFrequency
statsLimit hashrateMonitor sharesRejectedReasons blockSignals coinbaseOutputs
"""

_V2_15_0 = """
power voltage current temp temp2 vrTemp coreVoltageActual actualFrequency
expectedHashrate fanspeed fanrpm fan2rpm hashRate hashRate_1m hashRate_10m hashRate_1h
errorPercentage sharesAccepted sharesRejected sharesPending bestDiff bestSessionDiff
poolDifficulty responseTime responseShareBatch processTime workReceived blockFound
showNewBlock blockHeight scriptsig networkDifficulty coinbaseValueTotalSatoshis
coinbaseValueUserSatoshis freeHeap freeHeapInternal freeHeapSpiram minFreeHeap
maxAllocHeap uptimeSeconds totalUptimeSeconds totalHashes totalLog2Work cpuUsage
miningPaused overheat_mode wifiStatus wifiRSSI version axeOSVersion idfVersion
boardVersion maxPower nominalVoltage smallCoreCount ASICModel isPSRAMAvailable
resetReason runningPartition macAddr hostname ssid ipv4 ipv6 apEnabled
poolConnectionInfo isUsingFallbackStratum primaryPoolIndex secondaryPoolIndex
useFallbackStratum pools stratumURL stratumPort stratumUser stratumSuggestedDifficulty
stratumExtranonceSubscribe stratumTLS stratumCert stratumDecodeCoinbase stratumProtocol
stratumV2AuthorityPubkey stratumV2ChannelType fallbackStratumURL fallbackStratumPort
fallbackStratumUser fallbackStratumSuggestedDifficulty
fallbackStratumExtranonceSubscribe fallbackStratumTLS fallbackStratumCert
fallbackStratumDecodeCoinbase fallbackStratumProtocol fallbackStratumV2AuthorityPubkey
fallbackStratumV2ChannelType useCustomWWW overclockEnabled display rotation invertscreen
displayTimeout autofanspeed manualFanSpeed minFanSpeed temptarget coreVoltage frequency
statsFrequency statsLimit hashrateMonitor partitions sharesRejectedReasons blockSignals
coinbaseOutputs fullHostname
"""

_NERD_V1_0_36 = """
asicCount smallCoreCount deviceModel hostip macAddr wifiRSSI power maxPower minPower
maxVoltage minVoltage current currentA minCurrentA maxCurrentA temp vrTemp
hashRateTimestamp hashRate hashRate_1m hashRate_10m hashRate_1h hashRate_1d coreVoltage
defaultCoreVoltage coreVoltageActual fanspeed manualFanSpeed fanrpm lastpingrtt
recentpingloss shutdown duplicateHWNonces stratum poolDifficulty foundBlocks
totalFoundBlocks sharesAccepted sharesRejected bestDiff bestSessionDiff asicTemps
pidTargetTemp pidP pidI pidD hostname ssid stratumURL stratumPort stratumUser
stratumEnonceSubscribe stratumTLS fallbackStratumURL fallbackStratumPort
fallbackStratumUser fallbackStratumEnonceSubscribe fallbackStratumTLS voltage frequency
defaultFrequency jobInterval stratumDifficulty overheat_temp flipscreen invertscreen
autoscreenoff invertfanpolarity autofanspeed stratum_keep vrFrequency defaultVrFrequency
otp ASICModel uptimeSeconds lastResetReason wifiStatus freeHeap freeHeapInt version
runningPartition defaultTheme
"""

KEY_ORDERS = {
    "ultra-2.1": _V2_1_10.split(),
    "ultra-2.4": _V2_4_5.split(),
    "ultra-2.7": _V2_7_2.split(),
    "supra-2.8": _V2_8_1.split(),
    "supra-2.9": _V2_9_0.split(),
    "gamma-2.12": _V2_12_2.split(),
    "gammaduo-2.13": _V2_13_2.split(),
    "gamma-2.14": _V2_14_2.split(),
    "gamma-2.15": _V2_15_0.split(),
    "nerdqaxepp-1.0.36": _NERD_V1_0_36.split(),
}
"""By preset."""
