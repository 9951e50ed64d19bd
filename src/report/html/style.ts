/** The look of the report, on a screen, light or dark, and on paper. No file, font or picture from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;--text:#1f2328;--back:#fff;--soft:#f3f4f6;--line:#d0d7de;--quiet:#57606a;--link:#0550ae;--critical:#8e1519;--high:#b3261e;--medium:#8a5300;--low:#0b5cad;--note:#57606a;--good:#116329;--mark:#fff1b8}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--back:#0d1117;--soft:#161b22;--line:#3d444d;--quiet:#9aa4af;--link:#79b8ff;--critical:#ff9492;--high:#ff8178;--medium:#e3b341;--low:#79b8ff;--note:#9aa4af;--good:#56d364;--mark:#5c4400}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:80rem;padding:1.5rem;font:1rem/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
h1{margin:0 0 .5rem;font-size:1.6rem;line-height:1.25}h2{margin:2.5rem 0 .75rem;font-size:1.2rem}h3{margin:0 0 .25rem;font-size:1rem}
a{color:var(--link)}p{margin:.25rem 0}ul{margin:.25rem 0;padding-left:1.25rem}
code,pre{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.verdict{border-left:.4rem solid var(--high);padding:.25rem 0 .25rem 1rem}.verdict.pass{border-color:var(--good)}
.quiet{color:var(--quiet)}.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1.5rem;align-items:start}
table{width:100%;border-collapse:collapse}th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{background:var(--soft);position:sticky;top:0}
.chart th,.chart td{padding:.15rem .5rem .15rem 0;border:0;font-weight:400;vertical-align:middle}.chart td:nth-child(2){text-align:right;width:4rem;font-variant-numeric:tabular-nums}.chart td:last-child{width:50%}
.chart svg{display:block;width:100%;height:.8rem}.chart caption{text-align:left;font-weight:600}
#findings table{table-layout:fixed}#findings th:nth-child(1){width:6rem}#findings th:nth-child(3){width:26%}#findings th:nth-child(4){width:8rem}
.s{font-weight:600}.critical{color:var(--critical);fill:var(--critical)}.high{color:var(--high);fill:var(--high)}.medium{color:var(--medium);fill:var(--medium)}.low{color:var(--low);fill:var(--low)}.note{color:var(--note);fill:var(--note)}.plain{fill:var(--low)}
.completed{color:var(--good)}.failed{color:var(--high)}
form{display:flex;flex-wrap:wrap;gap:.75rem;margin:0 0 .75rem;align-items:end}label{display:grid;gap:.15rem;font-size:.875rem}
input,select,button{font:inherit;padding:.3rem .5rem;color:inherit;background:var(--back);border:1px solid var(--quiet);border-radius:.3rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
summary{cursor:pointer}pre{margin:.5rem 0;padding:.5rem;background:var(--soft);overflow-x:auto}pre b{font-weight:400;color:var(--quiet)}mark{background:var(--mark);color:inherit}
.repair{border-left:.2rem solid var(--good);padding-left:.6rem}
[hidden],.js tr.more,#findings [hidden],.js #findings tr.more{display:none}
@media (max-width:45rem){body{padding:1rem}#findings tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}#findings thead{display:none}#findings td{display:inline-block;max-width:100%;padding:.1rem .6rem .1rem 0;border:0}#findings td:nth-child(2){display:block}}
@media print{body{max-width:none;padding:0;font-size:10pt}form,button{display:none}thead th{position:static}tr,pre{break-inside:avoid}h2{break-after:avoid}a{color:inherit;text-decoration:none}}
`;
