using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>What each parameter has of the learning rate and the decay.</summary>
public sealed class ParameterRateTests
{
    [Fact]
    public void Layer_wise_decay_gives_the_reference_s_factors()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require("training", "optimizers", "layerwise_decay.json")));
        double decay = golden.RootElement.GetProperty("decay").GetDouble();
        int layers = golden.RootElement.GetProperty("num_hidden_layers").GetInt32(), compared = 0;
        foreach (JsonProperty factor in golden.RootElement.GetProperty("factors").EnumerateObject())
        {
            Assert.Equal(factor.Value.GetDouble(), ParameterRate.LayerFactor(Info(factor.Name), layers, decay), 1e-15);
            compared++;
        }

        Assert.Equal(6, compared);
    }

    [Fact]
    public void Biases_and_layer_norms_do_not_decay_unless_asked()
    {
        using SmallParameters parameters = new();
        string[] names = ["bert.embeddings.LayerNorm.weight", "bert.encoder.layer.0.attention.self.query.weight", "bert.encoder.layer.0.attention.self.query.bias", "cls.predictions.bias"];
        foreach (string name in names)
        {
            parameters.Add(name, 1);
        }

        TrainingOptions options = new() { Folder = "none", WeightDecay = 0.3 };
        Assert.Equal([0, 0.3, 0, 0], ParameterRate.Of(parameters.All, options).Select(rate => rate.WeightDecay));
        Assert.Equal([0.3, 0, 0.3, 0.3], ParameterRate.Of(parameters.All, options with { NoDecay = ["*.query.weight"] }).Select(rate => rate.WeightDecay));
    }

    [Theory]
    [InlineData("bert.embeddings.*", "bert.embeddings.LayerNorm.bias", true)]
    [InlineData("bert.embeddings", "bert.embeddings.LayerNorm.bias", false)]
    [InlineData("*.layer.?.*", "bert.encoder.layer.3.output.dense.bias", true)]
    [InlineData("*.layer.?.*", "bert.encoder.layer.13.output.dense.bias", false)]
    [InlineData("*BIAS", "cls.predictions.bias", false)]
    [InlineData("*", "cls.predictions.bias", true)]
    public void A_pattern_matches_whole_names(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new NamePatterns([pattern]).Match(name));

    [Fact]
    public void A_pattern_without_a_parameter_is_refused_by_name()
    {
        NamePatterns patterns = new(["bert.*", "bret.*"]);
        Assert.Contains("'bret.*'", Assert.Throws<ArgumentException>(() => patterns.RequireUse(["bert.pooler.dense.weight"])).Message);
        new NamePatterns(["bert.*"]).RequireUse(["bert.pooler.dense.weight"]);
    }

    private static ParameterInfo Info(string name) => name.Split('.') switch
    {
        [_, "embeddings", ..] => new ParameterInfo(name, [1], ParameterPart.Embeddings),
        [_, "encoder", _, string layer, ..] => new ParameterInfo(name, [1], ParameterPart.FeedForward, int.Parse(layer, System.Globalization.CultureInfo.InvariantCulture)),
        [_, "pooler", ..] => new ParameterInfo(name, [1], ParameterPart.Pooler),
        _ => new ParameterInfo(name, [1], ParameterPart.Head),
    };
}
