import { ForbiddenException, Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from './principal';
import { PUBLIC } from './public.decorator';
import type { AuthenticatedRequest } from './request';
import { ALLOWED_ROLES } from './roles.decorator';

/** Global, after the auth guard: a route that names no role is closed to all. */
@Injectable()
export class RolesGuard implements CanActivate {
  private readonly logger = new Logger(RolesGuard.name);

  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, places)) {
      return true;
    }
    const allowed = this.reflector.getAllAndOverride<Role[] | undefined>(ALLOWED_ROLES, places) ?? [];
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (request.principal && allowed.includes(request.principal.role)) {
      return true;
    }
    this.logger.warn(`403 ${request.method} ${request.path}`);
    throw new ForbiddenException('Your role may not do this.');
  }
}
