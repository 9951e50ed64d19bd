/** What Hadolint's JSON leaves out about its rules. */
export interface HadolintRule {
  readonly title: string;
  readonly tags?: readonly string[];
}

const UNPINNED = ['CWE-1357'];
const PRIVILEGE = ['CWE-250'];

/**
 * Titles in our own words after the rule list of Hadolint's README (2.15). A rule that is not here
 * is shown by its id. CWE-1357 is reliance on insufficiently trustworthy components, CWE-250
 * execution with unnecessary privileges.
 */
export const HADOLINT_RULES: Readonly<Record<string, HadolintRule>> = {
  DL1001: { title: 'Inline ignore pragma' },
  DL3000: { title: 'WORKDIR is not absolute' },
  DL3001: { title: 'Command makes no sense in a container' },
  DL3002: { title: 'Image runs as root', tags: PRIVILEGE },
  DL3003: { title: 'Directory changed by cd instead of WORKDIR' },
  DL3004: { title: 'sudo in a Dockerfile', tags: PRIVILEGE },
  DL3006: { title: 'Base image without a tag', tags: UNPINNED },
  DL3007: { title: 'Base image with the tag latest', tags: UNPINNED },
  DL3008: { title: 'apt-get packages without versions', tags: UNPINNED },
  DL3009: { title: 'apt lists left in the image' },
  DL3010: { title: 'Archive copied instead of extracted by ADD' },
  DL3011: { title: 'Port out of range' },
  DL3012: { title: 'More than one HEALTHCHECK' },
  DL3013: { title: 'pip packages without versions', tags: UNPINNED },
  DL3014: { title: 'apt-get without -y' },
  DL3015: { title: 'apt-get installs recommended packages' },
  DL3016: { title: 'npm packages without versions', tags: UNPINNED },
  DL3018: { title: 'apk packages without versions', tags: UNPINNED },
  DL3019: { title: 'apk without --no-cache' },
  DL3020: { title: 'ADD where COPY is enough' },
  DL3021: { title: 'COPY of several files to something that is no directory' },
  DL3022: { title: 'COPY --from of an unknown stage' },
  DL3023: { title: 'COPY --from of its own stage' },
  DL3024: { title: 'Stage name used twice' },
  DL3025: { title: 'CMD or ENTRYPOINT not in JSON notation' },
  DL3026: { title: 'Base image from a registry that is not allowed', tags: UNPINNED },
  DL3027: { title: 'apt instead of apt-get or apt-cache' },
  DL3028: { title: 'gem packages without versions', tags: UNPINNED },
  DL3029: { title: 'FROM with a fixed platform' },
  DL3030: { title: 'yum without -y' },
  DL3032: { title: 'yum cache left in the image' },
  DL3033: { title: 'yum packages without versions', tags: UNPINNED },
  DL3034: { title: 'zypper asks questions' },
  DL3035: { title: 'zypper dist-upgrade in an image' },
  DL3036: { title: 'zypper cache left in the image' },
  DL3037: { title: 'zypper packages without versions', tags: UNPINNED },
  DL3038: { title: 'dnf without -y' },
  DL3040: { title: 'dnf cache left in the image' },
  DL3041: { title: 'dnf packages without versions', tags: UNPINNED },
  DL3042: { title: 'pip cache left in the image' },
  DL3043: { title: 'ONBUILD with an instruction that can not be triggered' },
  DL3044: { title: 'ENV refers to a variable of the same instruction' },
  DL3045: { title: 'COPY to a relative path without WORKDIR' },
  DL3046: { title: 'useradd with a high user id and without -l' },
  DL3047: { title: 'wget without a quiet progress bar' },
  DL3048: { title: 'Label key is not valid' },
  DL3049: { title: 'Required label is missing' },
  DL3050: { title: 'Label that is not allowed' },
  DL3051: { title: 'Label is empty' },
  DL3052: { title: 'Label is not a URL' },
  DL3053: { title: 'Label is not a time' },
  DL3054: { title: 'Label is not a licence identifier' },
  DL3055: { title: 'Label is not a commit hash' },
  DL3056: { title: 'Label is not a semantic version' },
  DL3057: { title: 'HEALTHCHECK is missing' },
  DL3058: { title: 'Label is not an e-mail address' },
  DL3059: { title: 'Consecutive RUN instructions' },
  DL3060: { title: 'yarn cache left in the image' },
  DL3061: { title: 'Dockerfile does not begin with FROM or ARG' },
  DL3062: { title: 'go install without a version', tags: UNPINNED },
  DL3066: { title: 'User id is not numeric' },
  DL4000: { title: 'MAINTAINER is deprecated' },
  DL4001: { title: 'Both wget and curl' },
  DL4003: { title: 'More than one CMD' },
  DL4004: { title: 'More than one ENTRYPOINT' },
  DL4005: { title: 'Default shell changed by a link instead of SHELL' },
  DL4006: { title: 'Pipe without pipefail' },
};
