using System.Runtime.InteropServices;
using BertSharp.Cli.Onnx;
using BertSharp.Cli.Tests.Onnx;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert convert --to onnx</c>: the files as they are, and what ONNX Runtime computes from them.</summary>
public sealed class OnnxTests(ITestOutputHelper log)
{
    // Lengths of the sequences of a batch; the longest decides S.
    private static readonly int[] Lengths = [9, 4, 1, 7];

    public static TheoryData<string> Golden()
    {
        string root = Path.Combine(SharedData.Root ?? "", "golden");
        TheoryData<string> cases = [.. (Directory.Exists(root) ? Directory.GetDirectories(root) : [])
            .Where(folder => File.Exists(Path.Combine(folder, "model.safetensors"))).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];
        if (cases.Count == 0)
        {
            cases.Add("absent"); // Its test is skipped, and says so.
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void OnnxRuntime_computes_what_the_library_computes(string name) =>
        Compare(SharedData.Require("golden", name), 2e-5);

    [Fact]
    public void OnnxRuntime_computes_a_real_model() => Compare(SharedData.Require("models", "real", "all-MiniLM-L6-v2"), 2e-5);

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("distilbert")]
    [InlineData("electra")]
    public void Every_activation_and_a_decoder_of_its_own_run_too(string family)
    {
        foreach (HiddenAct act in Enum.GetValues<HiddenAct>())
        {
            BertConfig config = Small(family) with { HiddenAct = act, TieWordEmbeddings = false };
            string folder = Workplace.New();
            using (PreTrainedModel model = family == "electra" ? ElectraForPreTraining.Create(config, seed: 1) : BertForMaskedLM.Create(config, seed: 1))
            {
                model.Save(folder);
            }

            Compare(folder, 2e-5);
        }
    }

    [Fact]
    public void The_file_is_a_graph_of_opset_17_with_named_axes()
    {
        OnnxFile file = new(Convert(SharedData.Require("models", "real", "all-MiniLM-L6-v2")));
        Assert.Equal((8, 17, "BertSharp"), (file.IrVersion, file.Opset, file.Producer));
        Assert.Equal(["input_ids:7[batch,sequence]", "attention_mask:7[batch,sequence]", "token_type_ids:7[batch,sequence]"], file.Inputs);
        Assert.Equal(["last_hidden_state:1[batch,sequence,384]", "pooler_output:1[batch,384]"], file.Outputs);
        Assert.Empty(file.Dangling());
        Assert.Equal(13, file.Ops.Count(op => op == "LayerNormalization"));
        Assert.Equal((6 * 8) + 1, file.Ops.Count(op => op == "MatMul"));
    }

    [Fact]
    public void Weights_are_those_of_the_checkpoint_bit_for_bit_with_MatMul_s_transposed()
    {
        string folder = SharedData.Require("golden", "bert-model");
        Dictionary<string, (string Shape, long Type, byte[] Data)> constants = new OnnxFile(Convert(folder)).Initializers;
        using var model = BertModel.Load(folder);
        Assert.NotEmpty(model.ParameterList);
        foreach (ParameterInfo parameter in model.ParameterList)
        {
            bool transposed = !constants.ContainsKey(parameter.Name);
            (string shape, long type, byte[] data) = constants[transposed ? parameter.Name + ".T" : parameter.Name];
            Assert.Equal((1, string.Join(',', transposed ? parameter.Shape.Reverse() : parameter.Shape)), (type, shape));
            float[] values = model.GetParameter(parameter.Name);
            int rows = (int)parameter.Shape[0], columns = values.Length / rows;
            float[] expected = transposed ? [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])] : values;
            Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(data).ToArray());
        }

        Assert.Equal(2, model.ParameterList.Count(parameter => parameter.Name.EndsWith("pooler.dense.weight", StringComparison.Ordinal) || parameter.Name.EndsWith("pooler.dense.bias", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_checkpoint_of_half_precision_in_shards_gives_the_file_of_its_float32_copy()
    {
        string half = Workplace.New(), whole = Workplace.New();
        CheckpointConverter.Convert(SharedData.Require("golden", "bert-model"), half, TensorType.Float16, maxShardBytes: 50_000);
        CheckpointConverter.Convert(half, whole, TensorType.Float32);
        Assert.True(Directory.GetFiles(half, "model-*-of-*.safetensors").Length > 1);
        Assert.Equal(File.ReadAllBytes(Write(whole)), File.ReadAllBytes(Write(half)));
    }

    [Fact]
    public void A_sequence_of_padding_alone_gives_numbers_and_leaves_the_others_as_they_are()
    {
        string file = Write(SharedData.Require("golden", "bert-model"));
        float[] both = Run([5, 6, 7, 0, 0, 0], [1, 1, 1, 0, 0, 0], 2), one = Run([5, 6, 7], [1, 1, 1], 1);
        Assert.All(both, value => Assert.True(float.IsFinite(value)));
        Assert.All(one.Zip(both), pair => Assert.Equal(pair.First, pair.Second, 2e-5));

        float[] Run(int[] ids, int[] mask, int sequences) =>
            OnnxRuntime.Run(file, [sequences, 3], ("input_ids", ids), ("attention_mask", mask), ("token_type_ids", new int[ids.Length]))["last_hidden_state"].Data;
    }

    [Fact]
    public void A_head_that_is_asked_for_takes_the_place_of_the_checkpoint_s_own()
    {
        string folder = SharedData.Require("golden", "bert-pretraining");
        Assert.Equal(["prediction_logits:1[batch,sequence,101]", "seq_relationship_logits:1[batch,2]"], new OnnxFile(Convert(folder)).Outputs);
        Assert.Equal(["logits:1[batch,sequence,101]"], new OnnxFile(Convert(folder, "--head", "masked-lm")).Outputs);
        Assert.StartsWith("last_hidden_state:1[batch,sequence,", new OnnxFile(Convert(folder, "--head", "none")).Outputs[0], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void What_cannot_be_meant_is_refused_and_leaves_no_file(string build)
    {
        Tool tool = Tool.Of(build);
        string model = RandomModels.Folder(RandomModels.MaskedLM), file = Workplace.New();
        tool.Run("convert", model, "--to", "onnx").Failed(2, "--output FILE", "--to ./onnx");
        tool.Run("convert", model, "--to", "onnx", "--output", Workplace.Folder).Failed(2, "is a folder");
        tool.Run("convert", model, "--to", "onnx", "--output", Path.Combine(file, "x.onnx")).Failed(2, file, "no folder");
        tool.Run("convert", model, "--to", "onnx", "--output", file, "--type", "float16").Failed(2, "--type", "float32");
        tool.Run("convert", model, "--to", file, "--output", file).Failed(2, "--output", "--to onnx");
        tool.Run("convert", model, "--to", "onnx", "--output", file, "--head", "question-answering").Failed(1, "qa_outputs.weight", "bert params");
        tool.Run("convert", model, "--to", "onnx", "--output", file, "--head", "discriminator").Failed(1, "bert has no head");
        tool.Run("convert", "no-such-model", "--to", "onnx", "--output", file).Failed(1, "no-such-model");
        Assert.Empty(Directory.GetFiles(Workplace.Folder, Path.GetFileName(file) + "*"));
        tool.Run("convert", model, "--to", "onnx", "--output", file).Succeeded();
        tool.Run("convert", model, "--to", "onnx", "--output", file).Succeeded();
        Assert.Equal([file], Directory.GetFiles(Workplace.Folder, Path.GetFileName(file) + "*"));
    }

    [Fact]
    public void A_model_beyond_2_GB_is_refused_before_a_byte_is_written()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => OnnxModel.RequireSize(int.MaxValue + 1L, "large"));
        Assert.Contains("2147483648", error.Message, StringComparison.Ordinal);
        OnnxModel.RequireSize(int.MaxValue, "large");
    }

    private void Compare(string folder, double tolerance)
    {
        BertConfig config = BertConfig.Load(folder);
        int length = Lengths.Max();
        (int[] ids, int[] mask, int[] types) = Batch(config, length);
        int[] shape = config.Head == HeadKind.MultipleChoice ? [Lengths.Length / 2, 2, length] : [Lengths.Length, length];
        var found = OnnxRuntime.Run(Write(folder), shape, ("input_ids", ids), ("attention_mask", mask), ("token_type_ids", types));
        var expected = OwnOutputs.Of(folder, config.Head, TokenBatch.FromPadded(ids, mask, types, Lengths.Length, length));
        Assert.Equal(expected.Keys.Order(), found.Keys.Order());
        foreach ((string name, float[] own) in expected)
        {
            float[] theirs = AtTokens(found[name], mask, length);
            Assert.Equal(own.Length, theirs.Length);
            double worst = own.Zip(theirs, (x, y) => Math.Abs((double)x - y)).Max();
            log.WriteLine($"{Path.GetFileName(folder)} {config.HiddenAct} {name}: within {worst:e1}");
            Assert.True(worst <= tolerance, $"{name} differs by {worst:e1}");
        }
    }

    // Ids and types of a fixed pattern, without the padding's id among the tokens.
    private static (int[] Ids, int[] Mask, int[] Types) Batch(BertConfig config, int length)
    {
        int[] mask = [.. Lengths.SelectMany(tokens => Enumerable.Range(0, length).Select(i => i < tokens ? 1 : 0))];
        int[] ids = [.. mask.Select((token, i) => token == 0 ? config.PadTokenId : 4 + (i * 7919 % (config.VocabSize - 4)))];
        int[] types = [.. mask.Select((token, i) => token == 1 && config.TypeVocabSize > 1 && i % length > 3 ? 1 : 0)];
        return (ids, mask, types);
    }

    // [B, S, …] without padding; what has no axis of tokens stays as it is.
    private static float[] AtTokens(OnnxRuntime.Values output, int[] mask, int length)
    {
        if (output.Shape.Length < 2 || output.Shape[1] != length)
        {
            return output.Data;
        }

        int width = output.Data.Length / mask.Length;
        return [.. Enumerable.Range(0, mask.Length).Where(at => mask[at] == 1).SelectMany(at => output.Data[(at * width)..((at + 1) * width)])];
    }

    private static BertConfig Small(string family) => new()
    {
        ModelType = family,
        VocabSize = 50,
        HiddenSize = 32,
        EmbeddingSize = family == "electra" ? 16 : 0,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        IntermediateSize = 48,
        MaxPositionEmbeddings = 24,
        TypeVocabSize = family == "distilbert" ? 0 : 2,
        PadTokenId = family == "roberta" ? 1 : 0,
        InitializerRange = 0.3,
    };

    private static string Write(string folder)
    {
        string file = Workplace.New() + ".onnx";
        OnnxModel.Write(folder, file, head: null, progress: null, CancellationToken.None);
        return file;
    }

    private static string Convert(string folder, params string[] options)
    {
        string file = Workplace.New() + ".onnx";
        Tool.Jit.Run(["convert", folder, "--to", "onnx", "--output", file, .. options]).Succeeded();
        return file;
    }
}
