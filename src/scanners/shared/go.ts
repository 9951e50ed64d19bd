/** Variables for tools that start `go`: nothing is downloaded, no other toolchain, no C compiler, nothing of the user's settings. */
export const GO_ENVIRONMENT: Readonly<Record<string, string>> = {
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
  GOFLAGS: '-mod=readonly',
  GOENV: 'off',
  GOTELEMETRY: 'off',
  CGO_ENABLED: '0',
};
