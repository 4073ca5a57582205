import type { Principal } from './principal';

/** The parts of an incoming request that the guards and the audit log use. */
export interface AuthenticatedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly authorization?: string };
  principal?: Principal;
}
