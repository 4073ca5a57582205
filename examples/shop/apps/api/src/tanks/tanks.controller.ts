import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../auth/current-principal.decorator';
import type { Principal } from '../auth/principal';
import { Roles } from '../auth/roles.decorator';
import { PageQuery, type Page } from '../common/page';
import type { Reading, Tank } from './tank';
import { CreateReadingDto, CreateTankDto } from './tank.dto';
import { TanksService } from './tanks.service';

@Controller('tanks')
@Roles('customer', 'operator')
export class TanksController {
  constructor(private readonly tanks: TanksService) {}

  @Get()
  list(@CurrentPrincipal() principal: Principal, @Query() page: PageQuery): Page<Tank> {
    return this.tanks.list(principal, page);
  }

  @Post()
  @Roles('customer')
  add(@CurrentPrincipal() principal: Principal, @Body() body: CreateTankDto): Tank {
    return this.tanks.add(principal, body);
  }

  @Get(':id')
  find(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Tank {
    return this.tanks.find(principal, id);
  }

  @Get(':id/readings')
  readings(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() page: PageQuery,
  ): Page<Reading> {
    return this.tanks.readings(principal, id, page);
  }

  @Post(':id/readings')
  addReading(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: CreateReadingDto,
  ): Reading {
    return this.tanks.addReading(principal, id, body);
  }
}
