export type { AppConfig, StartedApp, StartOptions } from "./commands/app-config.ts";
export { CallLog, type CallLogEntry, type OpenCall, TooManyCallsError } from "./core/call-log.ts";
export { badUserInput, DomainError } from "./core/domain-error.ts";
export { type CodedError, type ErrorCode, errorCodes, type FailedCall, isCodedError } from "./core/error-codes.ts";
export type { RequestScope } from "./core/request-scope.ts";
export { createGateway, type Gateway } from "./gateway/gateway.ts";
export type { GatewayOptions } from "./gateway/gateway-options.ts";
export type { ReadinessChecks } from "./gateway/http/health.ts";
