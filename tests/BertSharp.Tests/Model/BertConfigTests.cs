using System.Text;
using System.Text.Json;

namespace BertSharp.Tests;

public sealed class BertConfigTests(ITestOutputHelper output)
{
    private const string Small = """
        {"architectures":["BertForTokenClassification"],"model_type":"bert","hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,
        "intermediate_size":4,"vocab_size":9,"max_position_embeddings":5,"type_vocab_size":2,"hidden_act":"gelu_fast","layer_norm_eps":1e-5,
        "id2label":{"1":"B","0":"A"},"label2id":{"A":0,"B":1},"problem_type":null,"custom":[1,{"x":"é"}],
        "quantization_config":{"quant_method":"bertsharp","weights":"int8","activations":"int8","modules_to_not_convert":["encoder.layer.0.output.dense"]}}
        """;

    public static TheoryData<string> Folders() => ParameterListTests.Folders();

    [Theory]
    [MemberData(nameof(Folders))]
    public void What_is_read_and_saved_unchanged_has_the_same_values(string folder)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.Require(folder), "config.json"));
        BertConfig config = BertConfig.Parse(text);
        using JsonDocument before = JsonDocument.Parse(text), after = JsonDocument.Parse(config.ToJson());
        Assert.True(JsonElement.DeepEquals(before.RootElement, after.RootElement));
    }

    [Fact]
    public void Keys_are_read_and_further_ones_kept()
    {
        BertConfig config = BertConfig.Parse(Small);
        Assert.Equal((8, 1, 2, 4, 9, 5, 2), (config.HiddenSize, config.NumHiddenLayers, config.NumAttentionHeads, config.IntermediateSize, config.VocabSize, config.MaxPositionEmbeddings, config.TypeVocabSize));
        Assert.Equal(HiddenAct.GeluNew, config.HiddenAct);
        Assert.Equal(1e-5, config.LayerNormEps);
        Assert.Equal(["A", "B"], config.Id2Label);
        Assert.Equal(HeadKind.TokenClassification, config.Head);
        string saved = (config with { Id2Label = ["x", "y", "z"], HiddenAct = HiddenAct.Relu, ProblemType = "regression" }).ToJson();
        Assert.Contains("é", saved, StringComparison.Ordinal);
        BertConfig again = BertConfig.Parse(saved);
        Assert.Equal(["x", "y", "z"], again.Id2Label);
        Assert.Equal(HiddenAct.Relu, again.HiddenAct);
        Assert.Equal("regression", again.ProblemType);
        Assert.Contains("\"label2id\": {\n    \"x\": 0,", saved, StringComparison.Ordinal);
        Assert.Contains("\"hidden_act\": \"gelu_fast\"", config.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_type_of_the_weights_is_recorded_under_the_key_that_is_there()
    {
        Assert.Contains("\"torch_dtype\": \"float16\"", BertConfig.Parse(Small).ToJson(TensorType.Float16), StringComparison.Ordinal);
        string saved = BertConfig.Load(SharedData.Require("models", "real", "minilm-squad")).ToJson(TensorType.Float32);
        Assert.Contains("\"dtype\": \"float32\"", saved, StringComparison.Ordinal);
        Assert.DoesNotContain("torch_dtype", saved, StringComparison.Ordinal);
    }

    [Fact]
    public void Odd_further_keys_are_saved_again() =>
        Assert.Contains("1e400", BertConfig.Parse("""{"\ud83d\ude00":{"x":1e400}}""").ToJson(), StringComparison.Ordinal);

    [Fact]
    public void DistilBert_has_its_own_keys_on_both_ways()
    {
        BertConfig config = BertConfig.Load(SharedData.Require("golden", "distilbert-classify"));
        Assert.Equal((48, 3, 3, 100, 0), (config.HiddenSize, config.NumHiddenLayers, config.NumAttentionHeads, config.IntermediateSize, config.TypeVocabSize));
        Assert.Equal(0.0, config.ClassifierDropout);
        Assert.Equal(0.1, config.QaDropout);
        string saved = (config with { NumHiddenLayers = 2, ClassifierDropout = 0.5 }).ToJson();
        Assert.Contains("\"n_layers\": 2", saved, StringComparison.Ordinal);
        Assert.Contains("\"seq_classif_dropout\": 0.5", saved, StringComparison.Ordinal);
        Assert.DoesNotContain("num_hidden_layers", saved, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_made_in_code_is_saved_and_read_the_same()
    {
        foreach (Family family in Family.All)
        {
            BertConfig config = new()
            {
                ModelType = family.ModelType,
                Architectures = [family.ArchitectureOf(HeadKind.TokenClassification)!],
                HiddenSize = 32,
                NumAttentionHeads = 4,
                EmbeddingSize = family.HasEmbeddingSize ? 16 : 0,
                TypeVocabSize = family.HasTokenTypes ? 3 : 0,
                Id2Label = ["a", "b", "c"],
                PadTokenId = 2,
                ClassifierDropout = 0.25,
                QaDropout = family == Family.DistilBert ? 0.3 : null,
                LayerNormEps = family == Family.DistilBert ? 1e-12 : 1e-5,
            };
            BertConfig read = BertConfig.Parse(config.ToJson());
            Assert.Equal(config.Architectures, read.Architectures);
            Assert.Equal(config.Id2Label, read.Id2Label);
            Assert.Equal(config, read with { SourceJson = null, Architectures = config.Architectures, Id2Label = config.Id2Label });
        }
    }

    [Fact]
    public void Another_width_takes_the_embeddings_with_it_but_electras()
    {
        BertConfig bert = BertConfig.Parse(Small) with { HiddenSize = 16 };
        Assert.Equal(16, bert.EmbeddingSize);
        Assert.Throws<CheckpointException>(() => (bert with { EmbeddingSize = 8 }).Validate());
        Assert.Throws<CheckpointException>(() => (bert with { EmbeddingSize = -8 }).Validate());
        Assert.Equal(24, (BertConfig.Load(SharedData.Require("golden", "electra-classify")) with { HiddenSize = 96 }).EmbeddingSize);
    }

    [Fact]
    public void Googles_configuration_is_read() =>
        Assert.Equal(4, BertConfig.Load(SharedData.Require("models", "keras-bert-ckpt")).HiddenSize);

    [Theory]
    [InlineData("gelu", HiddenAct.Gelu)]
    [InlineData("gelu_python", HiddenAct.Gelu)]
    [InlineData("gelu_new", HiddenAct.GeluNew)]
    [InlineData("gelu_pytorch_tanh", HiddenAct.GeluNew)]
    [InlineData("gelu_fast", HiddenAct.GeluNew)]
    [InlineData("quick_gelu", HiddenAct.QuickGelu)]
    [InlineData("relu", HiddenAct.Relu)]
    [InlineData("relu6", HiddenAct.Relu6)]
    [InlineData("relu2", HiddenAct.Relu2)]
    [InlineData("leaky_relu", HiddenAct.LeakyRelu)]
    [InlineData("silu", HiddenAct.Silu)]
    [InlineData("swish", HiddenAct.Silu)]
    [InlineData("tanh", HiddenAct.Tanh)]
    [InlineData("sigmoid", HiddenAct.Sigmoid)]
    [InlineData("mish", HiddenAct.Mish)]
    [InlineData("linear", HiddenAct.Linear)]
    public void Activations_have_the_names_of_transformers(string name, HiddenAct act) =>
        Assert.Equal(act, BertConfig.Parse($$"""{"hidden_act":"{{name}}"}""").HiddenAct);

    [Theory]
    [InlineData("BertModel", "bert", HeadKind.None)]
    [InlineData("BertForPreTraining", "bert", HeadKind.PreTraining)]
    [InlineData("ElectraForPreTraining", "electra", HeadKind.Discriminator)]
    [InlineData("RobertaForMaskedLM", "roberta", HeadKind.MaskedLM)]
    [InlineData("DistilBertForQuestionAnswering", "distilbert", HeadKind.QuestionAnswering)]
    [InlineData("BertForMultipleChoice", "bert", HeadKind.MultipleChoice)]
    [InlineData("BertLMHeadModel", "bert", HeadKind.None)]
    public void The_architecture_names_family_and_head(string architecture, string modelType, HeadKind head)
    {
        BertConfig config = BertConfig.Parse($$"""{"architectures":["{{architecture}}"]}""");
        Assert.Equal(architecture == "BertLMHeadModel" ? "bert" : modelType, config.ModelType);
        Assert.Equal(head, config.Head);
    }

    [Theory]
    [InlineData("model_type", "\"gpt2\"", "'gpt2' is another architecture")]
    [InlineData("model_type", "3", "expected a text")]
    [InlineData("is_decoder", "true", "decoders are not supported")]
    [InlineData("add_cross_attention", "true", "decoders are not supported")]
    [InlineData("position_embedding_type", "\"relative_key\"", "expected absolute, found 'relative_key'")]
    [InlineData("pruned_heads", "{\"0\":[1]}", "pruned")]
    [InlineData("hidden_act", "\"prelu\"", "'prelu' is not supported; expected one of gelu,")]
    [InlineData("hidden_size", "7", "must divide hidden_size 7")]
    [InlineData("hidden_size", "0", "expected 1 to")]
    [InlineData("hidden_size", "-768", "expected 1 to")]
    [InlineData("hidden_size", "768.5", "expected a whole number")]
    [InlineData("hidden_size", "99999999999", "expected a whole number")]
    [InlineData("hidden_size", "\"768\"", "expected a whole number")]
    [InlineData("num_hidden_layers", "100000", "expected 1 to 1024")]
    [InlineData("num_attention_heads", "0", "expected 1 to")]
    [InlineData("vocab_size", "2147483647", "expected 1 to")]
    [InlineData("layer_norm_eps", "0", "between 0 and 1")]
    [InlineData("layer_norm_eps", "1e999", "expected a number")]
    [InlineData("hidden_dropout_prob", "1", "less than 1")]
    [InlineData("pad_token_id", "30522", "expected 0 to 30521")]
    [InlineData("id2label", "{}", "at least one label")]
    [InlineData("id2label", "{\"1\":\"a\"}", "expected the ids 0 to 0")]
    [InlineData("id2label", "{\"0\":\"a\",\"00\":\"b\"}", "expected the ids 0 to 1")]
    [InlineData("id2label", "{\"0\":1}", "expected a text")]
    [InlineData("id2label", "[\"a\"]", "expected an object of texts")]
    [InlineData("num_labels", "0", "expected 1 to")]
    [InlineData("num_labels", "2000000000", "expected 1 to")]
    [InlineData("architectures", "\"BertModel\"", "expected texts")]
    public void It_refuses_by_name(string key, string value, string message)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => BertConfig.Parse($$"""{"{{key}}":{{value}}}"""));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(message.StartsWith("must divide", StringComparison.Ordinal) ? "num_attention_heads" : key, error.Tensor);
    }

    [Theory]
    [InlineData("[]", "expected an object")]
    [InlineData("", "not valid JSON")]
    [InlineData("{\"vocab_size\":1,\"vocab_size\":2}", "not valid JSON")]
    [InlineData("{\"layer_norm_eps\":NaN}", "not valid JSON")]
    [InlineData("{\"problem_type\":\"\\ud800\"}", "not valid JSON")]
    [InlineData("{\"further\":[{\"x\":\"\\uDFFF\"}]}", "not valid JSON")]
    [InlineData("{\"hidden_size\":65536,\"num_attention_heads\":1,\"intermediate_size\":1048576}", "larger than")]
    public void It_refuses_the_text(string text, string message) =>
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => BertConfig.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_truncation_is_a_typed_error()
    {
        string whole = Small.TrimEnd();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<CheckpointException>(() => BertConfig.Parse(whole[..length]));
        }
    }

    [Fact]
    public void Every_change_of_one_byte_is_a_typed_error_or_a_valid_configuration()
    {
        using CheckpointFiles files = new();
        byte[] whole = Encoding.UTF8.GetBytes(Small);
        int valid = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. whole];
                changed[at] = (byte)value;
                valid += TryParse(changed) ? 1 : 0;
            }
        }

        Assert.True(valid > whole.Length);
    }

    [Fact]
    public void Random_texts_give_typed_errors_or_valid_configurations() => Fuzz(20_000, Random.Shared.Next());

    [Fact]
    [Trait("suite", "long")]
    public void A_million_random_texts_give_typed_errors_or_valid_configurations() => Fuzz(1_200_000, Random.Shared.Next());

    private void Fuzz(int inputs, int seed)
    {
        output.WriteLine($"seed {seed}");
        string[] tokens = ["{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "0", "-1", "7", "1e9", "2147483648", "1e-400", "\"dim\"", "\"distilbert\"", "\"electra\"", "\"embedding_size\"", "\"roberta\"", "\\ud800", "é", "\0", "[[[[[[[[[["];
        Random random = new(seed);
        int valid = 0;
        for (int i = 0; i < inputs; i++)
        {
            StringBuilder text = new(Small);
            for (int n = 1 + random.Next(3); n > 0; n--)
            {
                int at = random.Next(text.Length);
                text.Remove(at, Math.Min(random.Next(4), text.Length - at)).Insert(at, tokens[random.Next(tokens.Length)]);
            }

            byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
            long before = GC.GetAllocatedBytesForCurrentThread();
            valid += TryParse(bytes) ? 1 : 0;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000 + (20L * bytes.Length));
        }

        output.WriteLine($"{valid} of {inputs} were valid");
        Assert.InRange(valid, inputs / 100, inputs);
    }

    private static bool TryParse(byte[] bytes)
    {
        try
        {
            BertConfig config = BertConfig.Parse(JsonFile.Decode(bytes, "fuzz"), "fuzz");
            return config.Head >= HeadKind.None && config.ToJson().Length > 0;
        }
        catch (CheckpointException)
        {
            return false;
        }
    }
}
