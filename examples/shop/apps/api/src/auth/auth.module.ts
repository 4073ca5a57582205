import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { SETTINGS } from '../settings';
import { tokenOptions } from './token-options';

@Module({
  imports: [JwtModule.registerAsync({ inject: [SETTINGS], useFactory: tokenOptions })],
  exports: [JwtModule],
})
export class AuthModule {}
