import { IsIn, IsInt, Length, Max, Min } from 'class-validator';
import { PRODUCT_KINDS, type ProductKind } from './product';

export class CreateProductDto {
  @Length(1, 80)
  readonly name!: string;

  @IsIn(PRODUCT_KINDS)
  readonly kind!: ProductKind;

  @IsInt()
  @Min(1)
  @Max(10_000_000)
  readonly priceCents!: number;

  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly leastQuantity!: number;
}
