import { Injectable, Logger, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import { principalFrom, type Principal } from './principal';
import { PUBLIC } from './public.decorator';
import type { AuthenticatedRequest } from './request';

/** Global: every route needs a valid bearer token unless it is marked public. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly logger = new Logger(AuthGuard.name);

  constructor(
    private readonly reflector: Reflector,
    private readonly jwt: JwtService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) {
      return true;
    }
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = await this.identify(request);
    if (!principal) {
      this.logger.warn(`401 ${request.method} ${request.path}`);
      throw new UnauthorizedException('A valid bearer token is required.');
    }
    request.principal = principal;
    return true;
  }

  private async identify(request: AuthenticatedRequest): Promise<Principal | undefined> {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      return undefined;
    }
    try {
      return principalFrom(await this.jwt.verifyAsync<object>(token));
    } catch {
      return undefined;
    }
  }
}
