namespace BertSharp.Tests;

/// <summary>Which layers a configuration chooses in each family, on the paths of transformers.</summary>
public sealed class LoraModulesTests
{
    private static readonly BertConfig Small = new() { VocabSize = 17, HiddenSize = 6, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 5, MaxPositionEmbeddings = 9 };

    [Theory]
    [InlineData("bert", "query,value", "bert.encoder.layer.0.attention.self.query bert.encoder.layer.0.attention.self.value bert.encoder.layer.1.attention.self.query bert.encoder.layer.1.attention.self.value")]
    [InlineData("distilbert", "q_lin,pre_classifier", "distilbert.transformer.layer.0.attention.q_lin distilbert.transformer.layer.1.attention.q_lin pre_classifier")]
    [InlineData("roberta", "0.output.dense,classifier.dense", "roberta.encoder.layer.0.output.dense classifier.dense")]
    [InlineData("electra", "electra.embeddings_project,1.attention.self.key", "electra.embeddings_project electra.encoder.layer.1.attention.self.key")]
    [InlineData("bert", "dense", "7 modules")]
    public void Names_fit_the_ends_of_paths(string family, string names, string modules) =>
        Assert.Equal(modules, Describe(Choose(family, new LoraConfig { TargetModules = names.Split(',') }), modules));

    [Theory]
    [InlineData("bert", @".*layer\.1\.attention\.self\.(query|key)", "bert.encoder.layer.1.attention.self.query bert.encoder.layer.1.attention.self.key")]
    [InlineData("distilbert", @"distilbert\.transformer\.layer\.\d\.ffn\.lin2", "distilbert.transformer.layer.0.ffn.lin2 distilbert.transformer.layer.1.ffn.lin2")]
    [InlineData("bert", "(?!bert).*", "classifier")]
    [InlineData("bert", "all-linear", "14 modules")]
    [InlineData("bert", "All-Linear", "14 modules")]
    [InlineData("distilbert", "all-linear", "14 modules")]
    [InlineData("roberta", "all-linear", "14 modules")]
    public void An_expression_fits_whole_paths(string family, string pattern, string modules) =>
        Assert.Equal(modules, Describe(Choose(family, new LoraConfig { TargetPattern = pattern }), modules));

    [Fact]
    public void All_linear_leaves_out_the_output()
    {
        // transformers' own decoder, and PEFT's exception for the classifiers of SEQ_CLS.
        LoraModules classifier = Choose("bert", new LoraConfig { TargetPattern = LoraConfig.AllLinear, TaskType = "SEQ_CLS" });
        Assert.Equal("bert.pooler.dense", classifier.Targets[^1].Module);
        LoraModules masked = new(new LoraConfig { TargetPattern = LoraConfig.AllLinear }, Small with { TieWordEmbeddings = false }, HeadKind.MaskedLM, "f");
        Assert.Equal("cls.predictions.transform.dense", masked.Targets[^1].Module);
    }

    [Fact]
    public void A_model_without_a_head_has_paths_without_a_prefix()
    {
        LoraModules modules = new(new LoraConfig { TargetPattern = @"encoder\.layer\.0\.output\.dense" }, Small, HeadKind.None, "f");
        Assert.Equal("encoder.layer.0.output.dense", Assert.Single(modules.Targets).Module);
        Assert.Equal("bert.encoder.layer.0.output.dense.weight", modules.Targets[0].Weight.Name);
    }

    [Theory]
    [InlineData("bert", "classifier", "classifier.weight classifier.bias")]
    [InlineData("roberta", "classifier", "classifier.dense.weight classifier.dense.bias classifier.out_proj.weight classifier.out_proj.bias")]
    [InlineData("distilbert", "classifier,score", "pre_classifier.weight pre_classifier.bias classifier.weight classifier.bias")]
    [InlineData("bert", "pooler", "bert.pooler.dense.weight bert.pooler.dense.bias")]
    public void Modules_are_saved_whole_and_get_no_matrices(string family, string names, string parameters)
    {
        LoraModules modules = Choose(family, new LoraConfig { TargetPattern = LoraConfig.AllLinear, ModulesToSave = names.Split(',') });
        Assert.Equal(parameters, string.Join(' ', modules.Saved.Select(info => info.Name)));
        Assert.DoesNotContain(modules.Targets, target => parameters.Contains(target.Weight.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Biases_are_saved_as_asked()
    {
        LoraConfig query = new() { TargetModules = ["query"], ModulesToSave = ["classifier"] };
        Assert.Equal(2, Choose("bert", query).Saved.Count);
        Assert.Equal(
            ["bert.encoder.layer.0.attention.self.query.bias", "bert.encoder.layer.1.attention.self.query.bias", "classifier.weight", "classifier.bias"],
            Choose("bert", query with { Bias = LoraBias.LoraOnly }).Saved.Select(info => info.Name));

        // Each layer has six linear layers and two LayerNorms; embeddings one LayerNorm, then pooler and classifier.
        Assert.Equal((2 * 8) + 1 + 1 + 2, Choose("bert", query with { Bias = LoraBias.All }).Saved.Count);
    }

    [Fact]
    public void Ranks_and_factors_of_single_layers_are_those_of_the_first_pattern_that_fits()
    {
        LoraModules modules = Choose("bert", new LoraConfig
        {
            Rank = 4,
            Alpha = 8,
            TargetModules = ["query", "key"],
            RankPattern = [new("layer.0.attention.self.query", 2), new("query", 6), new("ey", 99)],
            AlphaPattern = [new(@"layer\.\d.*key", 1)],
        });
        Assert.Equal([(2, 4f), (4, 0.25f), (6, 8f / 6), (4, 0.25f)], modules.Targets.Select(target => (target.Rank, target.Scale)));
    }

    [Theory]
    [InlineData("word_embeddings", "bert.embeddings.word_embeddings")]
    [InlineData("LayerNorm", "bert.embeddings.LayerNorm")]
    [InlineData("nothing", "nothing")]
    public void What_cannot_be_adapted_is_named(string target, string named)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Choose("bert", new LoraConfig { TargetModules = [target] }));
        Assert.Equal(("f", "target_modules"), (error.File, error.Tensor));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", "no regular expression")]
    [InlineData(@"(([a-z._0-9]+)+)+!", "takes more than")]
    public void A_pattern_that_is_none_or_never_ends_is_refused(string pattern, string message)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Choose("bert", new LoraConfig { TargetPattern = pattern }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static LoraModules Choose(string family, LoraConfig config) =>
        new(config, Small with { ModelType = family, EmbeddingSize = family == "electra" ? 4 : Small.HiddenSize }, HeadKind.SequenceClassification, "f");

    private static string Describe(LoraModules modules, string expected) => expected.EndsWith(" modules", StringComparison.Ordinal)
        ? $"{modules.Targets.Count} modules"
        : string.Join(' ', modules.Targets.Select(target => target.Module));
}
