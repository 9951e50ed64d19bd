/**
 * Filters the table. All text is in the page already; the script only shows and hides rows and never makes HTML,
 * so nothing that a finding says can become part of the page.
 */
export const SCRIPT = `
(() => {
  const form = document.getElementById('filters');
  const shown = document.getElementById('shown');
  const rows = [...document.querySelectorAll('#findings tbody tr')].map((row) => ({
    row,
    severity: row.dataset.severity,
    tool: row.dataset.tool,
    path: row.dataset.path.toLowerCase(),
    rule: row.dataset.rule.toLowerCase(),
  }));
  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const path = wanted.path.trim().toLowerCase();
    const rule = wanted.rule.trim().toLowerCase();
    let count = 0;
    for (const entry of rows) {
      const show =
        (wanted.severity === '' || entry.severity === wanted.severity) &&
        (wanted.tool === '' || entry.tool === wanted.tool) &&
        entry.path.includes(path) &&
        entry.rule.includes(rule);
      if (entry.row.hidden === show) entry.row.hidden = !show;
      if (show) count++;
    }
    shown.textContent = count.toLocaleString('en-US') + ' of ' + rows.length.toLocaleString('en-US') + ' findings shown';
  };
  let timer;
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 120);
  });
  apply();
})();
`;
