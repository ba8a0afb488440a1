namespace BertSharp.Tests;

/// <summary>A model in fewer bytes: what is written is what loading in that format gives, whatever is done with it after.</summary>
public sealed class ModelQuantizerTests : IDisposable
{
    private static readonly BertConfig Small = new() { VocabSize = 19, HiddenSize = 36, NumHiddenLayers = 2, NumAttentionHeads = 4, IntermediateSize = 67, MaxPositionEmbeddings = 40 };

    private readonly CheckpointFiles _files = new();

    public static TheoryData<string, WeightFormat> Cases()
    {
        TheoryData<string, WeightFormat> cases = [];
        foreach (Family family in Family.All)
        {
            foreach (WeightFormat format in Enum.GetValues<WeightFormat>().Where(format => format != WeightFormat.Float32))
            {
                cases.Add(family.ModelType, format);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_folder_is_the_model_loaded_in_that_format_bit_for_bit(string family, WeightFormat format)
    {
        using RandomModel random = new(Small with { ModelType = family, EmbeddingSize = family == "electra" ? 20 : 0 }, HeadKind.SequenceClassification, seed: 3);
        string source = random.Save(), written = _files.Path("written");
        QuantizationConfig quantization = new(format) { ModulesToNotConvert = ["bert.encoder.layer.1.intermediate.dense"] };
        ModelQuantizer.Quantize(source, written, quantization);
        using BertForSequenceClassification expected = BertForSequenceClassification.Load(source, quantization), found = BertForSequenceClassification.Load(written);
        Assert.Equal(format, found.Config.QuantizationConfig!.Weights);
        Assert.All(expected.ParameterList, parameter => Assert.Equal(expected.GetParameter(parameter.Name), found.GetParameter(parameter.Name)));
        TokenBatch batch = random.Batch(5, 7, 1, 20);
        Assert.Equal(expected.Forward(batch).Logits.Values.ToArray(), found.Forward(batch).Logits.Values.ToArray());
        using BertForSequenceClassification floats = BertForSequenceClassification.Load(source);
        Assert.Equal(floats.GetParameter("bert.encoder.layer.1.intermediate.dense.weight"), found.GetParameter("bert.encoder.layer.1.intermediate.dense.weight"));
        Assert.NotEqual(floats.GetParameter("bert.encoder.layer.1.output.dense.weight"), found.GetParameter("bert.encoder.layer.1.output.dense.weight"));
        Assert.Equal(floats.GetParameter("bert.embeddings.word_embeddings.weight"), found.GetParameter("bert.embeddings.word_embeddings.weight"));
    }

    [Theory]
    [InlineData(WeightFormat.BFloat16, TensorType.BFloat16)]
    [InlineData(WeightFormat.Int8, TensorType.Int8)]
    [InlineData(WeightFormat.Int8Dynamic, TensorType.Int8)]
    public void Saved_again_it_has_the_same_bytes(WeightFormat format, TensorType type)
    {
        using RandomModel random = new(Small, HeadKind.None, seed: 4);
        string written = _files.Path("written"), saved = _files.Path("saved"), again = _files.Path("again");
        ModelQuantizer.Quantize(random.Save(), written, new QuantizationConfig(format));
        using (BertModel model = BertModel.Load(written))
        {
            model.Save(saved);
        }

        using (BertModel model = BertModel.Load(saved))
        {
            model.Save(again);
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(saved, "model.safetensors")), File.ReadAllBytes(Path.Combine(again, "model.safetensors")));
        Assert.Equal(File.ReadAllText(Path.Combine(saved, "config.json")), File.ReadAllText(Path.Combine(again, "config.json")));
        using Checkpoint first = Checkpoint.Open(written), second = Checkpoint.Open(saved);
        Assert.All(CheckpointDiff.Compare(first, second), pair => Assert.True(pair.IsIdentical, pair.Name));
        Assert.Equal(12, second.Tensors.Count(tensor => tensor.DataType == type));
        Assert.DoesNotContain(CheckpointComparison.Compare(random.Parameters, second), finding => finding.IsError || finding.Kind == FindingKind.Unexpected);
    }

    [Fact]
    public void A_model_that_was_loaded_in_a_format_is_saved_in_it()
    {
        using RandomModel random = new(Small, HeadKind.None, seed: 5);
        string source = random.Save(), written = _files.Path("written"), saved = _files.Path("saved");
        ModelQuantizer.Quantize(source, written, new QuantizationConfig(WeightFormat.Int8));
        using (BertModel model = BertModel.Load(source, WeightFormat.Int8))
        {
            model.Save(saved);
        }

        using Checkpoint first = Checkpoint.Open(written), second = Checkpoint.Open(saved);
        Assert.All(CheckpointDiff.Compare(first, second), pair => Assert.True(pair.IsIdentical, pair.Name));
        using BertModel found = BertModel.Load(saved);
        Assert.Equal(WeightFormat.Int8, found.Config.QuantizationConfig!.Weights);
    }

    [Fact]
    public void A_format_that_is_asked_for_counts_more_than_the_folder_s()
    {
        using RandomModel random = new(Small, HeadKind.None, seed: 6);
        string written = _files.Path("written");
        ModelQuantizer.Quantize(random.Save(), written, new QuantizationConfig(WeightFormat.Int8) { ModulesToNotConvert = ["bert.encoder.layer.0.output.dense"] });
        using BertModel stored = BertModel.Load(written), floats = BertModel.Load(written, WeightFormat.Float32), dynamic = BertModel.Load(written, WeightFormat.Int8Dynamic);
        Assert.Null(floats.Config.QuantizationConfig);
        Assert.Equal(WeightFormat.Int8Dynamic, dynamic.Config.QuantizationConfig!.Weights);
        Assert.Equal(["bert.encoder.layer.0.output.dense"], dynamic.Config.QuantizationConfig.ModulesToNotConvert);
        Assert.All(stored.ParameterList, parameter => Assert.Equal(stored.GetParameter(parameter.Name), floats.GetParameter(parameter.Name)));
        Assert.All(stored.ParameterList, parameter => Assert.Equal(stored.GetParameter(parameter.Name), dynamic.GetParameter(parameter.Name)));
    }

    [Fact]
    public void Converted_it_is_a_plain_model_again_with_the_widened_values()
    {
        using RandomModel random = new(Small, HeadKind.MaskedLM, seed: 7);
        string source = random.Save(), written = _files.Path("written"), plain = _files.Path("plain");
        ModelQuantizer.Quantize(source, written, new QuantizationConfig(WeightFormat.Int8));
        CheckpointConverter.Convert(written, plain, TensorType.Float32);
        using Checkpoint before = Checkpoint.Open(source), after = Checkpoint.Open(plain);
        Assert.Equal(before.Tensors.Select(tensor => tensor.Name).Order(), after.Tensors.Select(tensor => tensor.Name).Order());
        Assert.All(after.Tensors, tensor => Assert.Equal(TensorType.Float32, tensor.DataType));
        using BertForMaskedLM quantized = BertForMaskedLM.Load(written), widened = BertForMaskedLM.Load(plain);
        Assert.Null(widened.Config.QuantizationConfig);
        Assert.All(quantized.ParameterList, parameter => Assert.Equal(quantized.GetParameter(parameter.Name), widened.GetParameter(parameter.Name)));
    }

    [Fact]
    public void The_files_of_a_sentence_transformer_stay_and_its_embeddings_are_near()
    {
        string source = SharedData.Require("models", "real", "all-MiniLM-L6-v2"), written = _files.Path("int8");
        ModelQuantizer.Quantize(source, written, new QuantizationConfig(WeightFormat.Int8));
        Assert.Equal(Files(source), Files(written));
        using SentenceEmbedder floats = SentenceEmbedder.Load(source), int8 = SentenceEmbedder.Load(written);
        Assert.InRange(Similarity.Cosine(floats.Embed("A man is eating food."), int8.Embed("A man is eating food.")), 0.998f, 0.9999999f);
    }

    [Fact]
    public void Float16_stays_where_it_is_not_quantized()
    {
        string source = SharedData.Require("models", "real", "minilm-squad"), written = _files.Path("int8");
        ModelQuantizer.Quantize(source, written, new QuantizationConfig(WeightFormat.Int8));
        using Checkpoint checkpoint = Checkpoint.Open(written);
        Assert.Equal(36, checkpoint.Tensors.Count(tensor => tensor.DataType == TensorType.Int8));
        Assert.Equal(36, checkpoint.Tensors.Count(tensor => tensor.IsScale));
        Assert.All(checkpoint.Tensors.Where(tensor => !tensor.IsScale && tensor.DataType != TensorType.Int8), tensor => Assert.Equal(TensorType.Float16, tensor.DataType));
        using QuestionAnswerer reader = QuestionAnswerer.Load(written);
        Assert.Equal("London", reader.Answer("Where did Ada live?", "Ada Lovelace lived in London.").Text);
    }

    [Theory]
    [InlineData(WeightFormat.BFloat16, float.NaN)]
    [InlineData(WeightFormat.Int8, float.NaN)]
    [InlineData(WeightFormat.Int8Dynamic, float.NegativeInfinity)]
    public void A_weight_that_is_no_number_is_refused_by_name_and_leaves_nothing(WeightFormat format, float value)
    {
        const string name = "encoder.layer.0.attention.self.value.weight";
        using RandomModel random = new(Small, HeadKind.None, seed: 8);
        random.Values["bert." + name][40] = value;
        string source = random.Save();
        CheckpointException error = Assert.Throws<CheckpointException>(() => ModelQuantizer.Quantize(source, _files.Path("written"), new QuantizationConfig(format)));
        Assert.Equal(name, error.Tensor);
        Assert.Contains("value 40 is", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_files.Folder));
        Assert.Contains(name, Assert.Throws<CheckpointException>(() => BertModel.Load(source, format)).Message, StringComparison.Ordinal);
        ModelQuantizer.Quantize(source, _files.Path("kept"), new QuantizationConfig(format) { ModulesToNotConvert = ["bert.encoder.layer.0.attention.self.value"] });
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using RandomModel random = new(Small, HeadKind.None, seed: 9);
        string source = random.Save(), written = _files.Path("written");
        Assert.Throws<ArgumentException>(() => ModelQuantizer.Quantize(source, written, new QuantizationConfig(WeightFormat.Float32)));
        Assert.Contains("no linear layer classifier", Assert.Throws<ArgumentException>(() => ModelQuantizer.Quantize(source, written, new QuantizationConfig(WeightFormat.Int8) { ModulesToNotConvert = ["classifier"] })).Message, StringComparison.Ordinal);
        ModelQuantizer.Quantize(source, written, new QuantizationConfig(WeightFormat.Int8));
        Assert.Contains("quantized already", Assert.Throws<CheckpointException>(() => ModelQuantizer.Quantize(written, _files.Path("twice"), new QuantizationConfig(WeightFormat.BFloat16))).Message, StringComparison.Ordinal);
        Assert.Contains("exists already", Assert.Throws<CheckpointException>(() => ModelQuantizer.Quantize(source, written, new QuantizationConfig(WeightFormat.Int8))).Message, StringComparison.Ordinal);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ModelQuantizer.Quantize(source, _files.Path("cancelled"), new QuantizationConfig(WeightFormat.Int8), null, stop.Token));
        Assert.Equal(["written"], Directory.GetFileSystemEntries(_files.Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("query.weight_scale", "expected I8 with its scales encoder.layer.0.attention.self.query.weight_scale, F32 [36], found I8.")]
    [InlineData("query.weight", "expected [36, 36], found nothing")]
    public void One_half_of_an_int8_weight_is_refused_by_name(string missing, string message)
    {
        using RandomModel random = new(Small, HeadKind.None, seed: 10);
        ModelQuantizer.Quantize(random.Save(), _files.Path("written"), new QuantizationConfig(WeightFormat.Int8));
        string broken = Rewrite("broken", tensors => tensors.Where(tensor => tensor.Name != "encoder.layer.0.attention.self." + missing));
        CheckpointException error = Assert.Throws<CheckpointException>(() => BertModel.Load(broken));
        Assert.Contains(message.TrimEnd('.'), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_of_no_int8_weight_is_refused_by_name()
    {
        using RandomModel random = new(Small, HeadKind.None, seed: 11);
        ModelQuantizer.Quantize(random.Save(), _files.Path("written"), new QuantizationConfig(WeightFormat.Int8));
        using Checkpoint whole = Checkpoint.Open(_files.Path("written"));
        string broken = Rewrite("broken", tensors => tensors.Select(tensor => tensor.Name.EndsWith("0.output.dense.weight", StringComparison.Ordinal) && tensor.Type == TensorType.Int8
            ? StoredTensor.Of(whole, whole.Tensors.Single(other => other.Name == tensor.Name), TensorType.Float32)
            : tensor));
        CheckpointException error = Assert.Throws<CheckpointException>(() => BertModel.Load(broken));
        Assert.Equal("encoder.layer.0.output.dense.weight_scale", error.Tensor);
        Assert.Contains("the scale of no int8 weight", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _files.Dispose();

    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    // The quantized model with other tensors.
    private string Rewrite(string name, Func<IEnumerable<StoredTensor>, IEnumerable<StoredTensor>> change)
    {
        using Checkpoint whole = Checkpoint.Open(_files.Path("written"));
        CheckpointRewrite.Run(whole, _files.Path(name), [.. change(whole.Tensors.Select(tensor => StoredTensor.Of(whole, tensor)))], new SaveOptions(), _ => { }, default);
        return _files.Path(name);
    }
}
