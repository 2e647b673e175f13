import type { Dispatcher } from "undici";

/** Whether a call went to the network; false when the HTTP cache above it had the answer. */
export interface NetworkMark {
  used: boolean;
}

const key = Symbol("network mark");

export const networkMark = (): NetworkMark => ({ used: false });

/** Carries the mark along with a call's options, through every interceptor that passes them on. */
export const withNetworkMark = <Options extends object>(options: Options, mark: NetworkMark): Options =>
  Object.assign(options, { [key]: mark });

/** An interceptor for the bottom of the stack, right above the network. */
export const markNetwork: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const mark = (options as { [key]?: NetworkMark })[key];
  if (mark) mark.used = true;
  return dispatch(options, handler);
};
