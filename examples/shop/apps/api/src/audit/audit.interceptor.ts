import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { tap, type Observable } from 'rxjs';
import type { AuthenticatedRequest } from '../auth/request';

const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Writes one line for every change that succeeded: who changed what. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Audit');

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (READING_METHODS.has(request.method)) {
      return next.handle();
    }
    return next.handle().pipe(tap(() => this.logger.log(describe(request))));
  }
}

function describe({ method, path, principal }: AuthenticatedRequest): string {
  const who = principal ? `${principal.role} ${JSON.stringify(principal.id)}` : 'anonymous';
  return `${who} ${method} ${path}`;
}
