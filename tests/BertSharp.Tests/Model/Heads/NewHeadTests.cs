namespace BertSharp.Tests;

/// <summary>A head to be trained: the checkpoint's own where it fits, else a new one; the encoder is always the checkpoint's.</summary>
public sealed class NewHeadTests
{
    private static readonly BertConfig Small = new() { VocabSize = 17, HiddenSize = 60, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 5, MaxPositionEmbeddings = 9 };

    [Fact]
    public void A_checkpoint_without_a_head_gets_a_random_one_of_the_seed()
    {
        using RandomModel random = new(Small, HeadKind.MaskedLM, seed: 1);
        string folder = random.Save();
        using BertForSequenceClassification head = BertForSequenceClassification.Load(folder, labels: ["no", "maybe", "yes"]);
        Assert.Equal(["no", "maybe", "yes"], head.Config.Id2Label);
        Assert.Equal(["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"], head.NewParameters.Select(parameter => parameter.Name));
        Assert.Equal(new float[3], head.GetParameter("classifier.bias"));
        float[] pooler = head.GetParameter("bert.pooler.dense.weight");
        Assert.InRange(Math.Sqrt(pooler.Average(value => (double)value * value)), 0.019, 0.021);
        foreach (string name in head.ParameterList.Select(parameter => parameter.Name).Where(random.Values.ContainsKey))
        {
            Assert.Equal(random.Values[name], head.GetParameter(name));
        }

        using BertForSequenceClassification same = BertForSequenceClassification.Load(folder, ["no", "maybe", "yes"]), other = BertForSequenceClassification.Load(folder, ["no", "maybe", "yes"], newHeadSeed: 1);
        Assert.Equal(pooler, same.GetParameter("bert.pooler.dense.weight"));
        Assert.NotEqual(pooler, other.GetParameter("bert.pooler.dense.weight"));
    }

    [Fact]
    public void The_head_of_a_checkpoint_stays_for_its_own_labels_alone()
    {
        using RandomModel random = new(Small with { Id2Label = ["no", "yes"] }, HeadKind.SequenceClassification, seed: 2);
        string folder = random.Save();
        using BertForSequenceClassification same = BertForSequenceClassification.Load(folder, ["no", "yes"]), swapped = BertForSequenceClassification.Load(folder, ["yes", "no"]), more = BertForSequenceClassification.Load(folder, ["no", "yes", "both"]);
        Assert.Empty(same.NewParameters);
        Assert.Equal(random.Values["classifier.weight"], same.GetParameter("classifier.weight"));
        Assert.Equal(["classifier.weight", "classifier.bias"], swapped.NewParameters.Select(parameter => parameter.Name));
        Assert.Equal(3 * 60, more.GetParameter("classifier.weight").Length);
        using BertForTokenClassification tokens = BertForTokenClassification.Load(folder, ["no", "yes"]);
        Assert.Equal(["classifier.weight", "classifier.bias"], tokens.NewParameters.Select(parameter => parameter.Name));
        using BertForQuestionAnswering answers = BertForQuestionAnswering.Load(folder, newHeadSeed: 3);
        Assert.Equal(["qa_outputs.weight", "qa_outputs.bias"], answers.NewParameters.Select(parameter => parameter.Name));
    }

    [Theory]
    [InlineData("roberta", "classifier.dense.weight")]
    [InlineData("distilbert", "pre_classifier.weight")]
    [InlineData("electra", "classifier.dense.weight")]
    public void Every_family_gets_its_own_kind_of_head(string family, string name)
    {
        using RandomModel random = new(Small with { ModelType = family, TypeVocabSize = family == "distilbert" ? 0 : 2 }, HeadKind.None, seed: 3);
        string folder = random.Save();
        using BertForSequenceClassification head = BertForSequenceClassification.Load(folder, ["a", "b"]);
        Assert.Contains(name, head.NewParameters.Select(parameter => parameter.Name));
        Assert.Equal(random.Values["bert.embeddings.word_embeddings.weight"], head.GetParameter("bert.embeddings.word_embeddings.weight"));
        if (family == "electra")
        {
            Assert.Contains("electra has no head MultipleChoice", Assert.Throws<CheckpointException>(() => BertForMultipleChoice.Load(folder, newHeadSeed: 1)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_part_of_the_encoder_is_refused_as_ever()
    {
        using RandomModel random = new(Small, HeadKind.None, seed: 4);
        string folder = random.Save(tensors => tensors.Where(tensor => tensor.Name != "encoder.layer.0.output.dense.bias"));
        Assert.Contains("encoder.layer.0.output.dense.bias", Assert.Throws<CheckpointException>(() => BertForSequenceClassification.Load(folder, ["a", "b"])).Message, StringComparison.Ordinal);
    }
}
