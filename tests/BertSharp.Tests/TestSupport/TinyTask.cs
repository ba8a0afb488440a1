using System.Text.Json.Nodes;

namespace BertSharp.Tests;

/// <summary>A folder with a random model and <see cref="TinyVocabulary"/>, and what the twin computes in double for its texts.</summary>
internal sealed class TinyTask : IDisposable
{
    private readonly RandomModel _random;

    /// <param name="head">The model's head.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="configure">Changes config.json after the model is made.</param>
    public TinyTask(HeadKind head, string[]? labels = null, Action<JsonObject>? configure = null)
    {
        BertConfig config = new()
        {
            VocabSize = TinyVocabulary.Tokens.Count,
            HiddenSize = 36,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            IntermediateSize = 33,
            MaxPositionEmbeddings = 32,
            Id2Label = labels ?? ["LABEL_0", "LABEL_1"],
        };
        _random = new RandomModel(config, head, seed: 21);
        Folder = _random.Save();
        Tokenizer.Save(Folder);
        JsonObject json = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Folder, "config.json")))!.AsObject();
        configure?.Invoke(json);
        File.WriteAllText(System.IO.Path.Combine(Folder, "config.json"), json.ToJsonString());
    }

    public static BertTokenizer Tokenizer => TinyVocabulary.Tokenizer;

    public string Folder { get; }

    /// <summary>The logits of a sequence, by the twin.</summary>
    public double[] SequenceLogits(TokenBatch one) => _random.Twin.ClassifySequence(Last(one));

    /// <summary>The logits [S][V] of a sequence, by the twin.</summary>
    public double[][] TokenLogits(TokenBatch one) => [.. Last(one).Select(_random.Twin.MaskedLM)];

    public double NextSentence(TokenBatch one) => Softmax(_random.Twin.NextSentence(Last(one)))[0];

    public double Choice(TokenBatch one) => _random.Twin.Choice(Last(one))[0];

    /// <summary>e^xᵢ / Σⱼ e^xⱼ in double.</summary>
    public static double[] Softmax(IReadOnlyCollection<double> logits)
    {
        double sum = logits.Sum(logit => Math.Exp(logit - logits.Max()));
        return [.. logits.Select(logit => Math.Exp(logit - logits.Max()) / sum)];
    }

    public static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    public void Dispose() => _random.Dispose();

    private double[][] Last(TokenBatch one) => _random.LastStates(one).Single();
}
