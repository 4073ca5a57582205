import { IsInt, Length, Max, Min } from 'class-validator';

export class CreateTankDto {
  @Length(1, 60)
  readonly name!: string;

  @IsInt()
  @Min(100)
  @Max(100_000)
  readonly capacityLitres!: number;
}

export class CreateReadingDto {
  @IsInt()
  @Min(0)
  @Max(100_000)
  readonly litres!: number;
}
