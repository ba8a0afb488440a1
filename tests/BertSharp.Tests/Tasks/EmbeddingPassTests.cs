namespace BertSharp.Tests;

/// <summary>Vectors of every pooling against the last hidden state of a whole pass, whatever part of it the pooling reads.</summary>
public sealed class EmbeddingPassTests
{
    public static TheoryData<PoolingMode[]> Poolings() => new()
    {
        new[] { PoolingMode.Cls },
        new[] { PoolingMode.LastToken },
        new[] { PoolingMode.Mean },
        new[] { PoolingMode.Cls, PoolingMode.Mean },
        new[] { PoolingMode.Max, PoolingMode.Cls },
    };

    [Theory]
    [MemberData(nameof(Poolings))]
    public void Vectors_are_those_of_all_hidden_states(PoolingMode[] poolings)
    {
        using BertModel model = SmallModels.Bert();
        using var modules = EmbeddingModules.Load("", new SentenceTransformerConfig { Pooling = poolings }, model.Config.HiddenSize);
        Assert.Equal(poolings is [PoolingMode.Cls], modules.ReadsFirstTokensOnly);
        TokenBatch batch = SmallModels.Batch(model.Config, [9, 1, SmallModels.Longest, 70, .. Enumerable.Repeat(33, 64)], seed: 5);
        using BertOutput whole = model.Forward(batch);
        float[] vectors = new float[batch.Count * modules.Dimension], scratch = new float[modules.ScratchLength];
        foreach (int promptTokens in new[] { 0, 4 })
        {
            new EmbeddingPass().Run(model, batch.Packed, modules, new EmbeddingSettings(modules.Dimension, promptTokens, false, false), vectors, null, TestContext.Current.CancellationToken);
            for (int i = 0; i < batch.Count; i++)
            {
                Numbers.AssertSameBits(modules.Forward(whole.SequenceRows(i), promptTokens, scratch), vectors.AsSpan(i * modules.Dimension, modules.Dimension), $"sequence {i}");
            }
        }
    }
}
