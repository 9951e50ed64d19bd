/** Rows that are laid out at first, and that each press of the button adds; a browser takes long for many thousands. */
export const ROWS = 500;

/**
 * Filters the table. All text is in the page already; the script only shows and hides rows and never makes HTML,
 * so nothing that a finding says can become part of the page. Rows beyond the first ones are hidden where it runs.
 */
export const SCRIPT = `
document.documentElement.classList.add('js');
addEventListener('DOMContentLoaded', () => {
  const form = document.getElementById('filters');
  const shown = document.getElementById('shown');
  const more = document.getElementById('more');
  const rows = Array.from(document.querySelectorAll('#findings tbody tr'), (row) => ({
    row,
    severity: row.dataset.severity,
    tool: row.dataset.tool,
    path: row.dataset.path.toLowerCase(),
    rule: row.dataset.rule.toLowerCase(),
    state: row.classList.contains('more') ? 'more' : 'shown',
  }));
  const number = (value) => value.toLocaleString('en-US');
  let limit = ${ROWS};
  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const path = wanted.path.trim().toLowerCase();
    const rule = wanted.rule.trim().toLowerCase();
    let count = 0;
    for (const entry of rows) {
      const fits =
        (wanted.severity === '' || entry.severity === wanted.severity) &&
        (wanted.tool === '' || entry.tool === wanted.tool) &&
        entry.path.includes(path) &&
        entry.rule.includes(rule);
      if (fits) count++;
      const state = fits ? (count > limit ? 'more' : 'shown') : 'hidden';
      if (state === entry.state) continue;
      entry.state = state;
      entry.row.hidden = state === 'hidden';
      entry.row.classList.toggle('more', state === 'more');
    }
    more.hidden = count <= limit;
    shown.textContent = number(count) + ' of ' + number(rows.length) + ' findings' + (count > limit ? ', the first ' + number(limit) + ' shown' : '');
  };
  let timer;
  const soon = () => {
    clearTimeout(timer);
    limit = ${ROWS};
    timer = setTimeout(apply, 120);
  };
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', soon);
  form.addEventListener('input', soon);
  more.addEventListener('click', () => {
    limit += ${ROWS};
    apply();
  });
  apply();
});
`;
