namespace BertSharp.Tests;

public sealed class NeighbourStartTests
{
    /// <summary>Offsets by head: −1, +1, −2, +2 …; also with odd sizes, one head, and fewer positions than usual.</summary>
    [Theory]
    [InlineData(256, 4, 128)]
    [InlineData(128, 2, 512)]
    [InlineData(768, 12, 512)]
    [InlineData(96, 3, 64)]
    [InlineData(64, 1, 64)]
    [InlineData(75, 3, 40)]
    public void Each_head_of_the_first_layer_looks_at_its_neighbour(int hidden, int heads, int tokens)
    {
        using BertForMaskedLM model = Create(hidden, heads);
        Pretraining.LookAtNeighbours(model);
        int[] ids = [.. Enumerable.Range(0, tokens).Select(i => 5 + ((i * 37) % 90))];
        BertOutput output = model.Forward(new TokenBatch(ids, new int[tokens], [0, tokens]), [], new ForwardOptions { Attentions = true }).Encoder;
        for (int head = 0; head < heads; head++)
        {
            int offset = ((head / 2) + 1) * (head % 2 == 0 ? -1 : 1);
            int right = Enumerable.Range(8, tokens - 16).Count(token => Strongest(output, head, token) == token + offset);
            Assert.True(right >= 0.9 * (tokens - 16), $"head {head}: {right} of {tokens - 16} tokens look at {offset:+0;-0}");
        }
    }

    [Fact]
    public void Same_seed_same_bits_and_other_layers_stay_as_they_were()
    {
        using BertForMaskedLM one = Create(64, 2), other = Create(64, 2), random = Create(64, 2);
        Pretraining.LookAtNeighbours(one);
        Pretraining.LookAtNeighbours(other);
        string[] changed = [.. one.ParameterList.Select(parameter => parameter.Name).Where(name => !Values(one, name).SequenceEqual(Values(random, name)))];
        Assert.Equal(
            ["bert.embeddings.word_embeddings.weight", "bert.embeddings.position_embeddings.weight", "bert.embeddings.token_type_embeddings.weight", "bert.encoder.layer.0.attention.self.query.weight", "bert.encoder.layer.0.attention.self.key.weight"], changed);
        Assert.All(changed, name => Assert.Equal(Values(one, name), Values(other, name)));
    }

    [Fact]
    public void A_family_with_narrow_embeddings_is_refused()
    {
        using ElectraForPreTraining model = ElectraForPreTraining.Create(new BertConfig { ModelType = "electra", VocabSize = 100, HiddenSize = 64, EmbeddingSize = 32, NumHiddenLayers = 1, NumAttentionHeads = 1, IntermediateSize = 64 });
        Assert.Contains("electra", Assert.Throws<ArgumentException>(() => Pretraining.LookAtNeighbours(model)).Message, StringComparison.Ordinal);
    }

    private static int Strongest(BertOutput output, int head, int token)
    {
        int tokens = output.Length(0);
        float[] row = output.Attention(0, 0).Values.Slice(((head * tokens) + token) * tokens, tokens).ToArray();
        return row.IndexOf(row.Max());
    }

    private static float[] Values(PreTrainedModel model, string name)
    {
        Parameter parameter = model.Parameters[name];
        float[] values = new float[parameter.Rows * parameter.Columns];
        parameter.CopyValues(0, values);
        return values;
    }

    private static BertForMaskedLM Create(int hidden, int heads) => BertForMaskedLM.Create(
        new BertConfig { VocabSize = 100, HiddenSize = hidden, NumHiddenLayers = 2, NumAttentionHeads = heads, IntermediateSize = hidden, MaxPositionEmbeddings = 512 }, seed: 3);
}
