namespace BertSharp.Tests;

/// <summary>
/// The matrix product between guard pages, bit for bit against its slow twin: one chain of
/// <see cref="float.FusedMultiplyAdd(float, float, float)"/> per value, from the bias, k ascending (<see cref="GemmCase.Expected"/>).
/// </summary>
[Collection(Widths.Alone)]
public sealed unsafe class GemmTests
{
    private static readonly int[] Short = [0, 1, 2, 3, 15, 16, 17];
    private static readonly int[] Long = [Gemm.DepthBlock - 1, Gemm.DepthBlock, Gemm.DepthBlock + 1, 3072];
    private static readonly int[] SomeRows = [1, 2, 5, 6, 7, 11, 12, 13, 24, 25];
    private static readonly int[] SomeColumns = [1, 7, 16, 17, 31, 32, 33, 64, 65];

    /// <summary>M up to two tiles and a row, at the tallest tile of the widths here.</summary>
    private static readonly int MostRows = (2 * Math.Max(Math.Max(Lane512.TileRows, Lane256.TileRows), Math.Max(Lane128.TileRows, LaneScalar.TileRows))) + 1;

    public static TheoryData<int> ShortDepths() => [.. Short];

    public static TheoryData<int> LongDepths() => [.. Long];

    public static TheoryData<int, bool> AllDepths() => [.. Short.Concat(Long).SelectMany(depth => new[] { (depth, false), (depth, true) })];

    public static TheoryData<string> Activations() => [.. Enum.GetNames<Activation>()];

    [Theory]
    [MemberData(nameof(ShortDepths))]
    public void Every_M_and_N_gives_the_bits_of_the_chain(int depth)
    {
        using GemmCase product = new(MostRows, 65, depth, new GemmEpilogue(), bias: depth % 2 == 1);
        Widths.ForEach(width => Product(product, Enumerable.Range(0, MostRows + 1), Enumerable.Range(1, 65), width));
    }

    [Theory]
    [MemberData(nameof(LongDepths))]
    public void Chains_beyond_one_block_of_K_give_the_same_bits(int depth)
    {
        using GemmCase product = new(MostRows, 65, depth, new GemmEpilogue(Activation.Gelu), bias: true, residual: true);
        int[] rows = depth == 3072 ? [1, 12, 25] : SomeRows, columns = depth == 3072 ? [1, 33, 64] : SomeColumns;
        Widths.ForEach(width => Product(product, rows, columns, width));
    }

    [Theory]
    [MemberData(nameof(AllDepths))]
    [Trait("suite", "long")]
    public void Every_M_N_and_K_gives_the_bits_of_the_chain_with_and_without_epilogue(int depth, bool epilogue)
    {
        foreach (bool bias in new[] { false, true })
        {
            using GemmCase product = new(MostRows, 65, depth, epilogue ? new GemmEpilogue(Activation.Gelu) : GemmEpilogue.None, bias, residual: epilogue);
            Widths.ForEach(width => Product(product, Enumerable.Range(0, MostRows + 1), Enumerable.Range(1, 65), width));
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void The_epilogue_activates_then_adds_the_residual_one_rounding_each(string name)
    {
        foreach (bool residual in new[] { false, true })
        {
            using GemmCase product = new(13, 65, 17, new GemmEpilogue(Enum.Parse<Activation>(name)), bias: true, residual);
            Widths.ForEach(width => Product(product, [1, 6, 13], SomeColumns, width));
        }
    }

    [Fact]
    public void Many_tiles_of_rows_give_the_bits_of_the_chain()
    {
        using GemmCase product = new(200, 33, 17, new GemmEpilogue(Activation.Relu), bias: true, residual: true);
        Widths.ForEach(width => Product(product, [48, 61, 97, 199, 200], [32, 33], width));
    }

    [Fact]
    public void Shares_of_panels_together_give_the_whole_and_each_leaves_the_others_alone()
    {
        using GemmCase product = new(13, 129, Gemm.DepthBlock + 1, new GemmEpilogue(Activation.Silu), bias: true, residual: true);
        Widths.ForEach(_ =>
        {
            for (int members = 1; members <= 6; members++)
            {
                for (int index = 0; index < members; index++)
                {
                    (int first, int count) = new Team(index, members, null).Share(5);
                    product.Check(Guard.Above, 13, 129, $"share {index} of {members}", first, count);
                }
            }
        });
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_before_anything_is_touched()
    {
        Matrix x = new(1, 2, 3, 3), y = new(1, 2, 5, 5);
        Panels b = new(64, 3, 5);
        Assert.Throws<ArgumentException>(() => Gemm.Run(x with { Columns = 4 }, b, null, y, GemmEpilogue.None));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, b, null, y with { Columns = 4 }, GemmEpilogue.None));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, b, null, y with { Rows = 3 }, GemmEpilogue.None));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, b, null, y, new GemmEpilogue(Residual: y with { Rows = 1 })));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, b, null, y, GemmEpilogue.None, -1, 1));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, b, null, y, GemmEpilogue.None, 0, 2));
        Assert.Throws<ArgumentException>(() => Gemm.Run(x, b, null, y, GemmEpilogue.None, 0, -1));
    }

    private static void Product(GemmCase product, IEnumerable<int> rows, IEnumerable<int> columns, int width)
    {
        foreach (int m in rows)
        {
            foreach (int n in columns)
            {
                product.Check((m + n) % 2 == 0 ? Guard.Above : Guard.Below, m, n, $"width {width}");
            }
        }
    }
}
