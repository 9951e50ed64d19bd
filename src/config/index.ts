export { INPUTS, type InputDefinition, type Overrides, overridesFromFlags, overridesFromInputs, splitList } from './inputs.js';
export { createJsonSchema } from './json-schema.js';
export { type Known, type KnownOption, type KnownPolicy, POLICIES_TOOL } from '../core/index.js';
export { type LoadedSettings, loadSettings, type SettingsRequest } from './load.js';
export { CONFIG_FILE, CONFIG_KEYS } from './schema.js';
export { renderConfigTemplate, renderWorkflowTemplate } from './templates.js';
