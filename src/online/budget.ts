import { GitHubError, type GitHub, type GitHubResponse } from '../io/github.js';

/** Asks GitHub a bounded number of times, each question once. */
export interface Questions {
  /** Undefined when it was not found, or is none of ours to see. @throws OutOfBudget, GitHubError */
  ask(route: string, parameters: Readonly<Record<string, string | number>>): Promise<GitHubResponse | undefined>;
  readonly asked: number;
}

/** No more questions may be asked in this run. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
}

/** Statuses that answer a question: it is not there, or it is none (`422`: no such commit; `409`: an empty repository; `451`: taken down). */
const ABSENT = new Set([404, 409, 422, 451]);

/** Answers are remembered: references share repositories. */
export function createQuestions(github: GitHub, most: number): Questions {
  const known = new Map<string, Promise<GitHubResponse | undefined>>();
  let asked = 0;
  return {
    ask(route, parameters) {
      const key = JSON.stringify([route, parameters]);
      let answer = known.get(key);
      if (answer === undefined) {
        if (asked >= most) return Promise.reject(new OutOfBudget(`${most} requests were made`));
        asked++;
        answer = github.request(route, parameters).catch((error: unknown) => {
          if (error instanceof GitHubError && ABSENT.has(error.status)) return undefined;
          throw error;
        });
        known.set(key, answer);
      }
      return answer;
    },
    get asked() {
      return asked;
    },
  };
}
