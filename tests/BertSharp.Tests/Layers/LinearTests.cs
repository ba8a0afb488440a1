namespace BertSharp.Tests;

/// <summary>A layer tied to a table against the same weight packed: the same bits, however the work is shared.</summary>
public sealed unsafe class LinearTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 33, 5)]
    [InlineData(25, 64, 37)]
    [InlineData(13, 99, 17)]
    [InlineData(7, 129, 1541)]
    [InlineData(600, 31, 3)]
    public void A_tied_weight_gives_the_bits_of_a_packed_one(int rows, int outputs, int inputs)
    {
        Random random = new(rows);
        using Arena arena = new((4L * Parameter.Size([outputs, inputs])) + (5 * Arena.MatrixSize(rows, Math.Max(inputs, outputs))) + (4L * outputs) + 1024);
        Parameter table = Parameter.RowMajor(arena, "table", outputs, inputs), packed = Parameter.Packed(arena, "packed", outputs, inputs), bias = Parameter.Vector(arena, "bias", outputs);
        float[] weights = Values(random, outputs * inputs);
        table.SetRows(0, weights);
        packed.SetRows(0, weights);
        bias.SetRows(0, Values(random, outputs));
        Matrix x = arena.TakeMatrix(rows, inputs), expected = arena.TakeMatrix(rows, outputs), found = arena.TakeMatrix(rows, outputs);
        for (int row = 0; row < rows; row++)
        {
            Values(random, inputs).CopyTo(x.RowSpan(row));
        }

        foreach (GemmEpilogue epilogue in (GemmEpilogue[])[GemmEpilogue.None, new GemmEpilogue(Activation.Gelu)])
        {
            new Linear(packed, bias).Forward(x, expected, epilogue, Team.Alone);
            foreach (int members in (int[])[1, 2, 3, 7])
            {
                for (int member = 0; member < members; member++)
                {
                    new Linear(table, bias).Forward(x, found, epilogue, new Team(member, members, null));
                }

                for (int row = 0; row < rows; row++)
                {
                    Assert.Equal(expected.RowSpan(row), found.RowSpan(row));
                    found.RowSpan(row).Fill(float.NaN);
                }
            }
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using Arena arena = new(4096);
        Matrix x = arena.TakeMatrix(2, 3), w = arena.TakeMatrix(40, 3), y = arena.TakeMatrix(2, 40);
        Gemm.Run(x, w, null, y, GemmEpilogue.None, 0, 2);
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, w, null, y, GemmEpilogue.None, 0, 3));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, w, null, y, GemmEpilogue.None, -1, 1));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, w.SliceColumns(0, 2), null, y, GemmEpilogue.None, 0, 1));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, w, null, y.SliceColumns(0, 39), GemmEpilogue.None, 0, 1));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, w, null, y, new GemmEpilogue(Residual: y), 0, 1));
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
