namespace BertSharp.Tests;

/// <summary>Token vectors against the hidden states of the reference, and against the model itself.</summary>
public sealed class FeatureExtractorTests
{
    [Fact]
    public void Every_layer_is_the_references()
    {
        string[] texts = [.. System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Expected(), "texts.json"))).RootElement.EnumerateArray().Select(text => text.GetString()!)];
        using FeatureExtractor extractor = FeatureExtractor.Load(SharedData.Require("models", "real", "all-MiniLM-L6-v2"));
        using Checkpoint reference = Checkpoint.Open(Path.Combine(Expected(), "reference.safetensors"));
        IReadOnlyList<TokenFeatures> features = extractor.Extract(texts, [0, 1, 2, 3, 4, 5, 6]);
        int compared = 0;
        for (int text = 0; text < texts.Length; text++)
        {
            for (int layer = 0; layer <= 6; layer++)
            {
                if (reference.TryFind($"hidden.{text}.{layer}", out TensorInfo tensor))
                {
                    float[] expected = new float[tensor.Count];
                    reference.Read(tensor, expected);
                    Assert.All(expected.Zip(features[text].HiddenStates[layer].ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
                    compared++;
                }
            }
        }

        Assert.True(compared >= 7, $"Only {compared} hidden states were compared.");
    }

    [Fact]
    public void Layers_count_from_either_end_and_come_in_the_order_asked_for()
    {
        using FeatureExtractor extractor = FeatureExtractor.Load(SharedData.Require("models", "real", "all-MiniLM-L6-v2"));
        TokenFeatures features = extractor.Extract("Ein Hund läuft.", -1, 0, 6, -7);
        Assert.Equal([6, 0, 6, 0], features.Layers);
        Assert.Equal(features.HiddenStates[0].ToArray(), features.HiddenStates[2].ToArray());
        Assert.Equal(features.HiddenStates[1].ToArray(), features.HiddenStates[3].ToArray());
        Assert.NotEqual(features.HiddenStates[0].ToArray(), features.HiddenStates[1].ToArray());
        Assert.Equal("[CLS]", features.Tokens[0]);
        Assert.Equal(new TokenOffset(0, 3), features.Offsets[1]);
        Assert.Equal((features.Tokens.Count, 384), (features.HiddenStates[0].Rows, features.HiddenStates[0].Columns));
        Assert.Equal([6], extractor.Extract("").Layers);
        Assert.Equal(2, extractor.Extract("").Tokens.Count);
        Assert.Contains("no layer 7", Assert.Throws<ArgumentException>(() => extractor.Extract("x", 7)).Message, StringComparison.Ordinal);
        Assert.Contains("no layer -8", Assert.Throws<ArgumentException>(() => extractor.Extract("x", -8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_has_the_same_bits_alone_and_among_others_and_is_cut_at_the_limit()
    {
        using FeatureExtractor extractor = FeatureExtractor.Load(SharedData.Require("models", "real", "all-MiniLM-L6-v2"));
        string longText = string.Join(' ', Enumerable.Repeat("word", 600));
        IReadOnlyList<TokenFeatures> all = extractor.Extract(["A man is eating food.", longText, ""]);
        Assert.Equal([false, true, false], all.Select(one => one.Truncated));
        Assert.Equal(extractor.MaxTokens, all[1].Tokens.Count);
        Assert.Equal(extractor.Extract("A man is eating food.").HiddenStates[0].ToArray(), all[0].HiddenStates[0].ToArray());
        using CancellationTokenSource stopped = new();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => extractor.Extract([longText], cancellation: stopped.Token));
    }

    private static string Expected() => SharedData.Require("models", "real", "expected", "all-MiniLM-L6-v2");
}
