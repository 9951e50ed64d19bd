export { referenceKey, type OnlineAnswer, type OnlineReference } from './answer.js';
export { createAskOnline, type AskOnline, type OnlineAnswers } from './ask.js';
