/** Customers own tanks and orders; operators run the shop. */
export const ROLES = ['customer', 'operator'] as const;

export type Role = (typeof ROLES)[number];

/** Who is asking: the verified content of an access token. */
export interface Principal {
  readonly id: string;
  readonly role: Role;
}

/** Reads a principal out of a verified token; anything unexpected is nobody. */
export function principalFrom(claims: unknown): Principal | undefined {
  if (typeof claims !== 'object' || claims === null) {
    return undefined;
  }
  const { sub, role } = claims as Record<string, unknown>;
  if (typeof sub !== 'string' || sub === '' || !isRole(role)) {
    return undefined;
  }
  return { id: sub, role };
}

/** Whether what belongs to `ownerId` may be seen: by its owner and by operators. */
export function maySee(principal: Principal, ownerId: string): boolean {
  return principal.role === 'operator' || principal.id === ownerId;
}

export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}
