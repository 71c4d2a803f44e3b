import{a as e,i as t,n,r,t as i}from"./bitaxe-cards.js";var a=6.4,o=13,s=4;function c(e,t){let n=e.map(({x:e,y:t,radius:n})=>[e-n,e+n,t-n,t+n]),r=[];for(let{x:i,y:c,radius:u,text:d,importance:f}of[...e].sort((e,t)=>t.importance-e.importance)){if(f<0)break;let e=d.length*a,p=u+s,m=[[{x:i+p,y:c+4,text:d,anchor:`start`},i+p],[{x:i-p,y:c+4,text:d,anchor:`end`},i-p-e],[{x:i,y:c-p-1,text:d,anchor:`middle`},i-e/2],[{x:i,y:c+p+10,text:d,anchor:`middle`},i-e/2]];for(let[i,a]of m){let s=[a,a+e,i.y-o+3,i.y+2];if(!(s[0]<t[0]||s[1]>t[1]||s[2]<t[2]||s[3]>t[3]||n.some(e=>l(s,e)))){n.push(s),r.push(i);break}}}return r}function l(e,t){return e[0]<t[1]&&t[0]<e[1]&&e[2]<t[3]&&t[2]<e[3]}function u(e,t,n,r){return Object.assign(i=>n+Math.min(Math.max((i-e)/(t-e),0),1)*(r-n),{low:e,high:t})}function d(e,t){let n=1/0,r=-1/0;for(let t of e)t<n&&(n=t),t>r&&(r=t);if(n>r)return;t!==void 0&&n<t&&t<r&&(r=t);let i=Math.max(Math.abs(n),Math.abs(r)),a=r-n<=i*1e-6?i*.05||1:(r-n)*.08;return[n<0?n-a:Math.max(n-a,0),r+a]}function f(e){let t=e.filter(e=>e!==null).sort((e,t)=>e-t),n=t[Math.floor((t.length-1)*.95)];return n===void 0?void 0:n*1.25}function p(e,t,n){let r=(t-e)/Math.max(n,1),i=10**Math.floor(Math.log10(r)),a=[1,2,2.5,5].find(e=>e*i>=r*.999)??10,o=a*i,s=[];for(let n=Math.ceil(e/o-1e-9);n<=Math.floor(t/o+1e-9);n++)s.push(n*o);let c=Math.max(0,-Math.floor(Math.log10(o)+1e-9))+ +(a===2.5&&i<10);return s.length<2&&n<20?p(e,t,n*2):{values:s,decimals:c}}var m=42,h=12,g=20,_=38,v=class extends i{static{this.properties={map:{attribute:!1},selected:{type:Number},label:{},_width:{state:!0},_hover:{state:!0}}}constructor(){super(),this._resize=new ResizeObserver(([e])=>{e&&(this._width=Math.round(e.contentRect.width))}),this._x=u(0,1,0,1),this._y=u(0,1,0,1),this._height=0,this._radii=[],this._labels=[],this.label=``,this.selected=this._hover=-1,this._width=0}connectedCallback(){super.connectedCallback(),this._resize.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this._resize.disconnect()}willUpdate(e){if(!this.map||!this._width||!e.has(`map`)&&!e.has(`_width`))return;let{points:t}=this.map;this._height=Math.round(Math.min(Math.max(this._width*.58,230),400));let n=d(t.flatMap(e=>y(e.x,e.xError))),r=d(t.flatMap(e=>y(e.y,e.yError)));this._x=u(...n??[0,1],m,this._width-h),this._y=u(...r??[0,1],this._height-_,g);let i=Math.max(...t.map(({weight:e})=>e),1e-9);this._radii=t.map(({weight:e})=>4+7*Math.sqrt(Math.max(e,0)/i)),this._labels=c(t.map((e,t)=>({x:this._x(e.x),y:this._y(e.y),radius:this._radii[t]??4,text:e.label,importance:4*e.best+2*e.present+ +e.front-8*e.faint})),[m,this._width,6,this._height-_])}render(){let{map:e,_height:i,_width:a}=this;if(!e||!a)return n;let o=i-_,s=a-h,c=p(this._x.low,this._x.high,(s-m)/80),l=p(this._y.low,this._y.high,5),u=e.points.filter(e=>e.front).sort((e,t)=>e.x-t.x).map(e=>`${this._x(e.x)} ${this._y(e.y)}`),d=e.points.map((e,t)=>t).sort((e,t)=>(this._radii[t]??0)-(this._radii[e]??0)),f=this.selected>=0?this.selected:this._sequence()[0];return r`<svg
      width=${a}
      height=${i}
      role="listbox"
      aria-label=${this.label}
      @keydown=${this._key}
      @pointerleave=${this._leave}
    >
      <g aria-hidden="true">
        ${l.values.map(n=>{let r=this._y(n);return t`<line class="grid" x1=${m} x2=${s} y1=${r} y2=${r} /><text x=${36} y=${r+4} text-anchor="end">${e.tick(n,l.decimals)}</text>`})}
        ${c.values.map(n=>{let r=this._x(n);return t`<line class="grid" x1=${r} x2=${r} y1=${g} y2=${o} /><text x=${r} y=${o+16} text-anchor="middle">${e.tick(n,c.decimals)}</text>`})}
        <text class="title" x=${6} y="11">${e.yTitle}</text>
        <text class="title" x=${s} y=${i-6} text-anchor="end">
          ${e.xTitle}
        </text>
        ${u.length>1?t`<path class="front" d=${`M${u.join(`L`)}`} />`:n}
      </g>
      ${d.map(e=>this._point(e,e===f))}
      <g aria-hidden="true" class="labels">
        ${this._labels.map(({x:e,y:n,text:r,anchor:i})=>t`<text x=${e} y=${n} text-anchor=${i}>${r}</text>`)}
      </g>
    </svg>`}_point(e,r){let i=this.map?.points[e];if(!i)return n;let a=this._x(i.x),o=this._y(i.y),s=this._radii[e]??4,c=e===this.selected||e===this._hover,[l,u]=y(i.x,i.xError).map(this._x),[d,f]=y(i.y,i.yError).map(this._y),p=i.best?`best`:i.present?`present`:i.front?`front`:`other`;return t`<g
      class="point ${p} ${i.faint?`faint`:``} ${c?`shown`:``}"
      role="option"
      tabindex=${r?0:-1}
      data-index=${e}
      aria-selected=${e===this.selected}
      aria-label=${i.description}
      @pointerenter=${()=>this._enter(e)}
      @click=${()=>this._select(e)}
      @focus=${()=>this._select(e)}
    >
      <path class="error" d=${`M${l} ${o}H${u}M${a} ${d}V${f}`} />
      ${i.present?t`<circle class="ring" cx=${a} cy=${o} r=${s+3.5} />`:n}
      <circle cx=${a} cy=${o} r=${s} />
      ${i.best?t`<path class="star" d=${b(a,o,Math.min(s*.75,6))} />`:i.critical?t`<path class="cross" d=${`M${a-2.5} ${o-2.5}l5 5m0 -5l-5 5`} />`:n}
      <circle class="reach" cx=${a} cy=${o} r=${Math.max(s,14)} />
    </g>`}_sequence(){let e=this.map?.points??[];return e.map((e,t)=>t).sort((t,n)=>(e[t]?.x??0)-(e[n]?.x??0))}_enter(e){this._hover=e,this._tell(e)}_leave(){this._hover=-1,this._tell(this.selected)}_select(e){this.selected=e,this._tell(e,!0)}_tell(e,t=!1){this.dispatchEvent(new CustomEvent(`point-selected`,{detail:{index:e,chosen:t}}))}async _key(e){let t={ArrowLeft:-1,ArrowUp:-1,ArrowRight:1,ArrowDown:1}[e.key],n=this._sequence(),r=n.length-1,i=n.indexOf(this.selected),a=n[e.key===`Home`?0:e.key===`End`?r:t===void 0?-1:Math.min(Math.max(i+t,0),r)];a!==void 0&&(e.preventDefault(),e.stopPropagation(),this._select(a),await this.updateComplete,this.renderRoot.querySelector(`[data-index="${a}"]`)?.focus())}static{this.styles=e`
    :host {
      display: block;
      min-width: 0;
      --best: color-mix(
        in srgb,
        var(--green-color, #4caf50),
        var(--primary-text-color) 15%
      );
      --present: color-mix(
        in srgb,
        var(--orange-color, #ff9800),
        var(--primary-text-color) 12%
      );
      --point: color-mix(
        in srgb,
        var(--blue-color, #2196f3),
        var(--primary-text-color) 10%
      );
    }
    svg {
      display: block;
      overflow: visible;
    }
    text {
      fill: var(--secondary-text-color);
      font-size: 11px;
      font-variant-numeric: tabular-nums;
    }
    .title,
    .labels text {
      fill: var(--primary-text-color);
      font-weight: 500;
    }
    .labels text {
      paint-order: stroke;
      stroke: var(--card-background-color, #fff);
      stroke-width: 3px;
      stroke-linejoin: round;
      pointer-events: none;
    }
    .grid {
      stroke: var(--divider-color);
    }
    .front {
      fill: none;
      stroke: var(--secondary-text-color);
      stroke-width: 1.5;
      stroke-dasharray: 5 4;
    }
    .point {
      color: var(--point);
      cursor: pointer;
      outline: none;
    }
    .other {
      opacity: 0.7;
    }
    .best {
      color: var(--best);
    }
    .present {
      color: var(--present);
    }
    .point circle {
      fill: currentColor;
      stroke: var(--card-background-color, #fff);
      stroke-width: 1.5;
    }
    .point .ring {
      fill: none;
      stroke: var(--present);
      stroke-width: 2;
    }
    .point .reach {
      fill: transparent;
      stroke: none;
    }
    .faint circle:not(.reach, .ring) {
      fill: var(--card-background-color, #fff);
      stroke: currentColor;
      stroke-dasharray: 2 2;
    }
    .error {
      stroke: currentColor;
      stroke-width: 1.5;
      opacity: 0.7;
    }
    .star {
      fill: var(--card-background-color, #fff);
    }
    .cross {
      fill: none;
      stroke: var(--card-background-color, #fff);
      stroke-width: 1.75;
      stroke-linecap: round;
    }
    .faint .cross {
      stroke: currentColor;
    }
    .shown {
      opacity: 1;
    }
    .shown .reach,
    .point:focus-visible .reach {
      stroke: var(--primary-text-color);
      stroke-width: 1.5;
    }
    .point:focus-visible .reach {
      stroke-width: 3;
    }
  `}};function y(e,t){return[e-(t??0),e+(t??0)]}function b(e,t,n){return`M${Array.from({length:10},(r,i)=>{let a=i*Math.PI/5,o=i%2?n*.42:n;return`${(e+Math.sin(a)*o).toFixed(1)} ${(t-Math.cos(a)*o).toFixed(1)}`}).join(`L`)}Z`}customElements.define(`bitaxe-map-chart`,v);function x(e,t){let n=e.length;if(n<=t*4)return Array.from({length:n},(e,t)=>t);let r=[];for(let i=0;i<t;i++){let a=Math.floor(i*n/t),o=Math.floor((i+1)*n/t),s=new Set([a,o-1]),c=-1,l=-1;for(let t=a;t<o;t++){let n=e[t]??null;n===null?(t===a||(e[t-1]??null)!==null)&&s.add(t):((c<0||n<e[c])&&(c=t),(l<0||n>e[l])&&(l=t))}c>=0&&s.add(c).add(l),r.push(...[...s].sort((e,t)=>e-t))}return r}function S(e,t,n,r,i){let a=``,o=!1;for(let s of x(t,i)){let i=t[s]??null;i!==null&&(a+=`${o?`L`:`M`}${n(e[s]).toFixed(1)} ${r(i).toFixed(1)}`,o||(a+=`h0`)),o=i!==null}return a}function C(e,t){let n=0,r=e.length-1;for(;r-n>1;){let i=n+r>>1;e[i]<t?n=i:r=i}return r<0?-1:t-e[n]<=e[r]-t?n:r}var w=60,T=86400,E=[1,2,5,10,15,30,60,120,180,360,720,1440,2880,10080].map(e=>e*w),D=new Map;function O(e){let t=`${e.language}|${e.timeZone}|${e.hour12}`,n=D.get(t);return n||D.set(t,n=k(e)),n}function k({language:e,timeZone:t,hour12:n}){let r=(n,r=e)=>{let i=new Intl.DateTimeFormat(r,{timeZone:t,...n});return e=>i.format(e*1e3)},i={hour:`2-digit`,minute:`2-digit`,...n===void 0?{hourCycle:void 0}:{hour12:n}},a={day:`numeric`,month:`short`},o=r({year:`numeric`,month:`2-digit`,day:`2-digit`,hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`},`sv`);return{time:r(i),date:r(a),moment:r({weekday:`short`,...a,...i}),offset:e=>Date.parse(`${o(e).replace(` `,`T`)}Z`)/1e3-Math.floor(e)}}function A(e,t,n,r){let i=(t-e)/Math.max(n,1),a=E.find(e=>e>=i)??28*T,o=[],s=Math.ceil((e+r.offset(e))/a)*a;for(let n=s;;n+=a){let i=n-r.offset(n-r.offset(e));if(i=n-r.offset(i),i>t)return o;if(i<e||i+r.offset(i)!==n)continue;let a=n%T===0;o.push({time:i,label:a?r.date(i):r.time(i),strong:a})}}var j=44,M=8,N=6,P=22,F=8,I=class extends i{static{this.properties={trend:{attribute:!1},clock:{attribute:!1},label:{},hint:{},_width:{state:!0},_index:{state:!0}}}constructor(){super(),this._resize=new ResizeObserver(([e])=>{e&&(this._width=Math.round(e.contentRect.width))}),this._drawn=[],this._x=u(0,1,0,1),this.label=this.hint=``,this._width=0,this._index=-1}connectedCallback(){super.connectedCallback(),this._resize.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this._resize.disconnect()}willUpdate(e){let t=e.get(`trend`);t&&this.trend&&this._index>=0&&(this._index=C(this.trend.times,t.times[this._index]??0)),(e.has(`trend`)||e.has(`_width`))&&this._draw()}_draw(){if(!this.trend||!this._width)return;let{start:e,end:t,times:n,panels:r}=this.trend,i=this._width-M,a=u(e,t,j,i),o=Math.max(60,Math.floor((i-j)/2));this._x=a,this._drawn=r.map((e,t)=>{let r=Math.round(Math.min(Math.max(this._width*.2,76),130)*(t?.8:1.15)),i=e.lines.flatMap(({values:e})=>e.filter(e=>e!==null)),[s,c]=d(i,e.robust?f(i):void 0)??[0,1],l=u(s,c,r-N,N),{values:m,decimals:h}=p(s,c,r>90?5:4);return{height:r,y:l,ticks:i.length?m.map(t=>({at:l(t),label:e.tick(t,h)})):[],lines:e.lines.map(e=>{let t=S(n,e.values,a,l,o);return{path:t,area:e.filled?L(t,r-N):``}})}})}render(){let{trend:e}=this;if(!e||!this._width)return n;let t=O(this.clock),i=e.times[this._index],a=i===void 0?void 0:this._markNear(i),o=i===void 0?this.label:[t.moment(i),...e.panels.flatMap(e=>e.lines.map(t=>`${t.label} ${this._read(e,t)}`)),...a?[a.label]:[]].join(`, `);return r`<div
        class="plot"
        role="slider"
        tabindex="0"
        aria-label=${this.label}
        aria-valuemin="0"
        aria-valuemax=${Math.max(e.times.length-1,0)}
        aria-valuenow=${this._index<0?e.times.length-1:this._index}
        aria-valuetext=${o}
        @pointermove=${this._point}
        @pointerdown=${this._point}
        @pointerleave=${this._leave}
        @keydown=${this._key}
        @blur=${this._leave}
      >
        ${e.panels.map((e,t)=>this._panel(e,this._drawn[t],t))}
        ${this._axis(i)}
      </div>
      <div class="note">
        ${a?r`<b>${t.moment(a.time)}</b> ${a.label}`:e.marks.length?r`<i></i>${this.hint}`:n}
      </div>`}_panel(e,i,a){if(!i||!this.trend)return n;let o=this._width-M,s=this.trend.times[this._index];return r`<div class="head">
        <span class="title">${e.title}</span>
        <span class="keys"
          >${e.lines.map(t=>r`<span class="key"
                ><svg width="14" height="8" aria-hidden="true">
                  <path
                    d="M1 4H13"
                    stroke=${t.color}
                    class=${t.dashed?`dashed`:``}
                  /></svg
                >${t.label} <b>${this._read(e,t)}</b></span
              >`)}</span
        >
      </div>
      <svg
        width=${this._width}
        height=${i.height}
        aria-hidden="true"
        data-panel=${a}
      >
        ${i.ticks.map(({at:e,label:n})=>t`<line class="grid" x1=${j} x2=${o} y1=${e} y2=${e} /><text x=${38} y=${e+4} text-anchor="end">${n}</text>`)}
        ${this.trend.marks.map(({time:e})=>{let n=this._x(e);return t`<line class="mark" x1=${n} x2=${n} y1=${N} y2=${i.height-N} />`})}
        ${e.lines.map((e,r)=>{let{path:a,area:o}=i.lines[r]??{path:``,area:``};return t`${o?t`<path class="area" d=${o} style="fill:${e.color}" />`:n}<path class=${e.dashed?`dashed`:``} d=${a} stroke=${e.color} />`})}
        ${s===void 0?n:t`<line class="hand" x1=${this._x(s)} x2=${this._x(s)} y1="0" y2=${i.height} />${e.lines.map(e=>{let r=e.values[this._index]??null;return r===null?n:t`<circle cx=${this._x(s)} cy=${i.y(r)} r="3.5" fill=${e.color} />`})}`}
      </svg>`}_axis(e){if(!this.trend)return n;let{start:i,end:a,marks:o}=this.trend,s=O(this.clock),c=this._width-j-M,l=e===void 0?0:Math.min(Math.max(this._x(e),44),Math.max(this._width-44,44));return r`<svg width=${this._width} height=${P} aria-hidden="true">
      ${A(i,a,c/70,s).map(e=>{let r=this._x(e.time);return t`<line class="grid" x1=${r} x2=${r} y1="0" y2="4" />${r<this._width-16?t`<text class=${e.strong?`strong`:``} x=${r} y="17" text-anchor="middle">${e.label}</text>`:n}`})}
      ${o.map(({time:e})=>{let n=this._x(e);return t`<path class="diamond" d="M${n} -4l4 4l-4 4l-4 -4z" />`})}
      ${e===void 0?n:t`<rect class="flag" x=${l-44} y="3" width=${88} height="18" rx="9" /><text class="flag" x=${l} y="16" text-anchor="middle">${a-i>86400?s.moment(e).replace(/^\S+ /,``):s.time(e)}</text>`}
    </svg>`}_read(e,t){let n=this._index>=0?t.values[this._index]:t.values.findLast(e=>e!==null);return n==null?`–`:e.write(n)}_markNear(e){let t=this._x(e);return this.trend?.marks.find(e=>Math.abs(this._x(e.time)-t)<=F)}_point(e){if(!this.trend)return;let{start:t,end:n,times:r}=this.trend,i=(e.clientX-this.getBoundingClientRect().left-j)/(this._width-j-M);this._index=C(r,t+Math.min(Math.max(i,0),1)*(n-t))}_leave(){this._index=-1}_key(e){let t=(this.trend?.times.length??0)-1,n=this._index<0?t:this._index,r=Math.max(1,Math.round(t/10)),i={ArrowLeft:n-1,ArrowDown:n-1,ArrowRight:this._index<0?t:n+1,ArrowUp:this._index<0?t:n+1,PageUp:n+r,PageDown:n-r,Home:0,End:t};if(e.key===`Escape`&&this._index>=0)this._leave();else if(e.key in i&&t>=0)this._index=Math.min(Math.max(i[e.key],0),t);else return;e.preventDefault(),e.stopPropagation()}static{this.styles=e`
    :host {
      display: block;
      min-width: 0;
      font-size: 12px;
      color: var(--secondary-text-color);
    }
    .plot {
      outline: none;
      touch-action: pan-y;
      cursor: crosshair;
      border-radius: 8px;
    }
    .plot:focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: 2px;
    }
    .head {
      display: flex;
      flex-wrap: wrap;
      gap: 0 12px;
      align-items: baseline;
      padding: 6px ${M}px 0 0;
      line-height: 18px;
    }
    .title {
      color: var(--primary-text-color);
      font-weight: 500;
    }
    .keys {
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      gap: 0 12px;
      justify-content: flex-end;
    }
    .key {
      white-space: nowrap;
    }
    .key svg {
      display: inline-block;
      margin-inline-end: 4px;
    }
    b {
      font-weight: 500;
      color: var(--primary-text-color);
      font-variant-numeric: tabular-nums;
    }
    svg {
      display: block;
      overflow: visible;
    }
    path {
      fill: none;
      stroke-width: 1.75;
      stroke-linejoin: round;
      stroke-linecap: round;
    }
    .dashed {
      stroke-dasharray: 4 4;
      stroke-width: 1.5;
    }
    .area {
      opacity: 0.12;
      stroke: none;
    }
    .grid {
      stroke: var(--divider-color);
    }
    .mark {
      stroke: var(--primary-text-color);
      stroke-dasharray: 2 3;
      opacity: 0.5;
    }
    path.diamond {
      fill: var(--primary-text-color);
    }
    .hand {
      stroke: var(--primary-text-color);
      opacity: 0.6;
    }
    circle {
      stroke: var(--card-background-color, #fff);
      stroke-width: 1.5;
    }
    text {
      fill: var(--secondary-text-color);
      font-size: 11px;
      font-variant-numeric: tabular-nums;
    }
    text.strong {
      font-weight: 600;
      fill: var(--primary-text-color);
    }
    rect.flag {
      fill: var(--primary-text-color);
    }
    text.flag {
      fill: var(--card-background-color, #fff);
      font-weight: 500;
    }
    .note {
      min-height: 18px;
      padding: 4px 8px 0 ${j}px;
      line-height: 18px;
    }
    .note i {
      display: inline-block;
      width: 6px;
      height: 6px;
      margin: 0 8px 1px 1px;
      rotate: 45deg;
      background: var(--primary-text-color);
    }
  `}};function L(e,t){return e.split(`M`).slice(1).map(e=>{let n=e.match(/(?:^|L)[\d.-]+/g)??[],r=(e=``)=>e.replace(`L`,``);return`M${e.replace(`h0`,``)}L${r(n.at(-1))} ${t}L${r(n[0])} ${t}Z`}).join(``)}customElements.define(`bitaxe-trend-chart`,I);