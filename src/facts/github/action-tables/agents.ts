import { agent, type ActionTable } from './entries.js';

/** Actions that let a language model act. */
export const AGENTS: ActionTable = {
  'anthropics/claude-code-action': agent(['prompt', 'direct_prompt', 'override_prompt', 'custom_instructions', 'claude_args'], ['allowed_non_write_users', 'allowed_bots'], ['claude_args', 'allowed_tools', 'settings']),
  'anthropics/claude-code-base-action': agent(['prompt', 'system_prompt', 'append_system_prompt', 'claude_args'], [], ['claude_args', 'allowed_tools', 'settings']),
  'openai/codex-action': agent(['prompt', 'codex-args'], ['allow-users', 'allow-bots', 'allow-bot-users'], ['sandbox', 'safety-strategy', 'permission-profile', 'codex-args']),
  'google-github-actions/run-gemini-cli': agent(['prompt'], [], ['settings', 'extensions']),
  'google-gemini/gemini-cli-action': agent(['prompt'], [], ['settings_json']),
  'actions/ai-inference': agent(['prompt', 'system-prompt', 'input'], [], ['enable-github-mcp']),
  'sst/opencode/github': agent(['prompt'], [], []),
  'anomalyco/opencode/github': agent(['prompt'], [], []),
};
