namespace BertSharp.Tests;

/// <summary>Models whose weights are held in fewer bytes: the arithmetic that is promised, the same bits in all ways to run it.</summary>
[Collection(Widths.Alone)]
public sealed class WeightFormatTests
{
    private static readonly int[] Lengths = [1, 2, 5, 17, 48, 130, SmallModels.Longest];

    public static TheoryData<string> Golden() => GoldenTests.Stored();

    /// <summary>A golden case's encoder, whatever its head.</summary>
    [Theory]
    [MemberData(nameof(Golden))]
    public void Rounded_weights_with_float32_arithmetic_give_the_bits_of_the_float32_model_with_widened_weights(string name)
    {
        using GoldenCase golden = new(name);
        foreach (WeightFormat format in new[] { WeightFormat.BFloat16, WeightFormat.Int8 })
        {
            using var rounded = BertModel.Load(golden.Folder, format);
            using BertModel widened = Widened(rounded);
            using BertModel exact = BertModel.Load(golden.Folder);
            using BertOutput expected = widened.Forward(golden.Batch), found = rounded.Forward(golden.Batch), other = exact.Forward(golden.Batch);
            Assert.Equal(expected.LastHiddenState.ToArray(), found.LastHiddenState.ToArray());
            Assert.NotEqual(other.LastHiddenState.ToArray(), found.LastHiddenState.ToArray());
        }
    }

    [Theory]
    [InlineData(WeightFormat.BFloat16)]
    [InlineData(WeightFormat.Int8)]
    [InlineData(WeightFormat.Int8Dynamic)]
    public void A_sequence_has_the_same_bits_alone_in_a_batch_at_every_width_on_all_threads_and_without_VNNI(WeightFormat format)
    {
        using BertModel model = SmallModels.Bert(weights: format);
        TokenBatch all = SmallModels.Batch(model.Config, Lengths, seed: 7);
        float[][] alone = [.. Enumerable.Range(0, Lengths.Length).Select(i => Last(model, all.Select([i]), 0))];
        bool vnni = Simd.UsesVnni;
        try
        {
            foreach (int threads in new[] { 1, WorkerPool.Shared.Threads })
            {
                WorkerPool.Shared.MaxThreads = threads;
                Widths.ForEach(width =>
                {
                    foreach (bool uses in new[] { vnni, false })
                    {
                        Simd.UsesVnni = uses;
                        for (int i = 0; i < Lengths.Length; i++)
                        {
                            Numbers.AssertSameBits(alone[i], Last(model, all, i), $"{format}, width {width}, VNNI {uses}, {threads} threads, sequence {i}");
                        }
                    }
                });
            }
        }
        finally
        {
            Simd.UsesVnni = vnni;
            WorkerPool.Shared.MaxThreads = int.MaxValue;
        }
    }

    [Fact]
    public void A_model_holds_the_layers_of_its_encoder_in_its_format_and_all_else_in_float32()
    {
        using BertModel exact = SmallModels.Bert(), rounded = SmallModels.Bert(weights: WeightFormat.Int8);
        foreach (ParameterInfo info in exact.ParameterList)
        {
            bool held = info.Shape.Length == 2 && info.Part is ParameterPart.SelfAttention or ParameterPart.FeedForward && info.Name.EndsWith(".weight", StringComparison.Ordinal) && !info.Name.Contains("LayerNorm", StringComparison.Ordinal);
            Assert.Equal(held, !exact.GetParameter(info.Name).SequenceEqual(rounded.GetParameter(info.Name)));
        }
    }

    private static float[] Last(BertModel model, TokenBatch batch, int sequence)
    {
        using BertOutput output = model.Forward(batch);
        return output.Sequence(sequence).ToArray();
    }

    /// <summary>A float32 model of the values that another computes with; a pooler that it lacks is zeros.</summary>
    private static BertModel Widened(BertModel model)
    {
        HashSet<string> names = [.. model.ParameterList.Select(info => info.Name)];
        return BertModel.Create(model.Config, (info, row, rows) =>
        {
            rows.Clear();
            if (names.Contains(info.Name))
            {
                model.GetParameter(info.Name).AsSpan(checked((int)(row * info.Shape[^1])), rows.Length).CopyTo(rows);
            }
        });
    }
}
