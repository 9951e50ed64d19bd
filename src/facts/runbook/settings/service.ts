/*
 * How settings and containers of services that run runbooks are told from others: by the image, or by
 * variables that only such a service has.
 */

const IMAGE = /(?:^|\/)(?:stage0_runbook_api|rundeck\/rundeck|rundeckpro|rundeck|attune[\w-]*worker|attune[\w-]*(?:api|executor)|st2actionrunner|st2api|stackstorm|semaphore|awx(?:[\w-]*)?|n8n|runme|windmill|airflow)(?=$|[:@/-])/i;
const VARIABLE = /^(?:RUNBOOKS_DIR|EXECUTION_DIR|MAX_OUTPUT_SIZE_BYTES|SCRIPT_TIMEOUT_SECONDS|MAX_RECURSION_DEPTH|RUNBOOK_\w+|RUNDECK_\w+|ST2_\w+|ATTUNE_\w+)$/;
/** Each alone is common; two of them together are this service. */
const SHARED = /^(?:ENABLE_LOGIN|JWT_SECRET|JWT_ISSUER|JWT_AUDIENCE|JWT_TTL_MINUTES|RATE_LIMIT_\w+|API_PROTOCOL)$/;

/** Whether an image is that of a known service that runs runbooks. */
export function isRunbookImage(image: string): boolean {
  return IMAGE.test(image);
}

/** Whether variables are those of such a service. */
export function configuresRunbooks(names: Iterable<string>): boolean {
  let shared = 0;
  for (const name of names) {
    if (VARIABLE.test(name)) return true;
    if (SHARED.test(name)) shared++;
  }
  return shared >= 3;
}
