import { SetMetadata } from '@nestjs/common';
import type { Role } from './principal';

export const ALLOWED_ROLES = 'shop:roles';

/** Names the roles that may call a route. A route that names none is closed. */
export const Roles = (...roles: Role[]) => SetMetadata(ALLOWED_ROLES, roles);

/** For what only the staff may do. */
export const OperatorOnly = () => Roles('operator');
