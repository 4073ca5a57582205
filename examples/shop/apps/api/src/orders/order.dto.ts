import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { ORDER_STATES, type OrderState } from './order';

/** What a customer says; the price and the owner are the shop's to fill in. */
export class PlaceOrderDto {
  @IsUUID()
  readonly productId!: string;

  @IsOptional()
  @IsUUID()
  readonly tankId?: string;

  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly quantity!: number;
}

export class MoveOrderDto {
  @IsIn(ORDER_STATES)
  readonly state!: OrderState;
}
