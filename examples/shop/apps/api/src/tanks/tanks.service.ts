import { randomUUID } from 'node:crypto';
import { ConflictException, Injectable, NotFoundException, UnprocessableEntityException } from '@nestjs/common';
import { maySee, type Principal } from '../auth/principal';
import { pageOf, type Page, type PageQuery } from '../common/page';
import type { Reading, Tank } from './tank';
import type { CreateReadingDto, CreateTankDto } from './tank.dto';

export const MOST_TANKS_PER_OWNER = 20;
export const MOST_READINGS_PER_TANK = 500;

interface StoredTank extends Omit<Tank, 'latest'> {
  readonly readings: Reading[];
}

@Injectable()
export class TanksService {
  private readonly tanks = new Map<string, StoredTank>();

  list(principal: Principal, page: PageQuery): Page<Tank> {
    const seen = [...this.tanks.values()].filter((tank) => maySee(principal, tank.ownerId));
    return pageOf(seen.map(shown), page);
  }

  find(principal: Principal, id: string): Tank {
    return shown(this.stored(principal, id));
  }

  add(principal: Principal, { name, capacityLitres }: CreateTankDto): Tank {
    const owned = [...this.tanks.values()].filter((tank) => tank.ownerId === principal.id);
    if (owned.length >= MOST_TANKS_PER_OWNER) {
      throw new ConflictException(`You already have ${MOST_TANKS_PER_OWNER} tanks.`);
    }
    const tank: StoredTank = { id: randomUUID(), ownerId: principal.id, name, capacityLitres, readings: [] };
    this.tanks.set(tank.id, tank);
    return shown(tank);
  }

  /** Newest first. */
  readings(principal: Principal, id: string, page: PageQuery): Page<Reading> {
    return pageOf([...this.stored(principal, id).readings].reverse(), page);
  }

  addReading(principal: Principal, id: string, { litres }: CreateReadingDto): Reading {
    const tank = this.stored(principal, id);
    if (litres > tank.capacityLitres) {
      throw new UnprocessableEntityException(`The tank holds at most ${tank.capacityLitres} litres.`);
    }
    const reading: Reading = { at: new Date().toISOString(), litres };
    tank.readings.push(reading);
    if (tank.readings.length > MOST_READINGS_PER_TANK) {
      tank.readings.shift();
    }
    return reading;
  }

  /** A tank of somebody else is answered like one that does not exist. */
  private stored(principal: Principal, id: string): StoredTank {
    const tank = this.tanks.get(id);
    if (!tank || !maySee(principal, tank.ownerId)) {
      throw new NotFoundException('There is no such tank.');
    }
    return tank;
  }
}

function shown({ readings, ...tank }: StoredTank): Tank {
  return { ...tank, latest: readings.at(-1) ?? null };
}
