export { organizationAlerts } from './alerts.js';
export { csvOf, parseCsv } from './csv.js';
export type { RolledFinding } from './finding.js';
export { htmlOf, repositoryCount, type PageTools } from './html.js';
export { createCollector, type Collector, type Overview, type Row } from './overview.js';
export { readReport, type RolledReport } from './read.js';
