using System.Text.Json.Nodes;

namespace BertSharp.Tests;

/// <summary>PEFT's configuration: read, kept on rewriting, refused by name.</summary>
public sealed class LoraConfigTests
{
    private const string Valid = """{"peft_type":"LORA","r":4,"lora_alpha":8,"target_modules":["query"]}""";

    [Theory]
    [InlineData("training", "lora")]
    [InlineData("models", "lora-bert-base-uncased-seqcls")]
    public void A_file_of_PEFT_is_the_same_text_when_it_is_written_again(params string[] folder)
    {
        string file = Path.Combine(SharedData.Require(folder), "adapter_config.json"), text = File.ReadAllText(file);
        string written = LoraConfigJson.Write(LoraConfigJson.Read(text, file));
        Assert.Equal(text.Trim(), written.Trim());
    }

    [Fact]
    public void Every_value_is_read_and_written()
    {
        LoraConfig config = LoraConfigJson.Read("""
            {"peft_type":"LORA","r":3,"lora_alpha":6.5,"lora_dropout":0.05,"target_modules":".*\\.(query|key)","modules_to_save":["classifier"],
             "bias":"lora_only","use_rslora":true,"rank_pattern":{"key":5,"0.*":2},"alpha_pattern":{"layer.1.*key":1.5},"task_type":"SEQ_CLS","base_model_name_or_path":"x",
             "a_later_option":null,"another":{},"third":[],"fourth":false}
            """, "f");
        Assert.Equal((3, 6.5, 0.05, true, LoraBias.LoraOnly, "SEQ_CLS", "x"), (config.Rank, config.Alpha, config.Dropout, config.UseRslora, config.Bias, config.TaskType, config.BaseModel));
        Assert.Equal((".*\\.(query|key)", 0), (config.TargetPattern, config.TargetModules.Count));
        Assert.Equal(["classifier"], config.ModulesToSave);
        Assert.Equal(["key", "0.*"], config.RankPattern.Select(entry => entry.Key));
        JsonNode written = JsonNode.Parse(LoraConfigJson.Write(config with { Rank = 9, TargetPattern = null, TargetModules = ["value"] }))!;
        Assert.Equal(9, (int)written["r"]!);
        Assert.Equal("value", (string)written["target_modules"]![0]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("{}"), written["another"]));
        LoraConfig again = LoraConfigJson.Read(written.ToJsonString(), "g");
        Assert.Equal((config.Alpha, config.Dropout, config.Bias), (again.Alpha, again.Dropout, again.Bias));
        Assert.Equal(config.AlphaPattern, again.AlphaPattern);
    }

    [Fact]
    public void A_new_configuration_is_read_as_it_was_made()
    {
        LoraConfig config = new() { Rank = 16, Alpha = 32, Dropout = 0.1, TargetPattern = LoraConfig.AllLinear, ModulesToSave = ["classifier"], TaskType = "SEQ_CLS", Bias = LoraBias.All };
        LoraConfig read = LoraConfigJson.Read(LoraConfigJson.Write(config), "f");
        Assert.Equal((16, 32, 0.1, "all-linear", "SEQ_CLS", LoraBias.All, false), (read.Rank, read.Alpha, read.Dropout, read.TargetPattern, read.TaskType, read.Bias, read.UseRslora));
        Assert.Equal(["classifier"], read.ModulesToSave);
    }

    [Theory]
    [InlineData("use_dora", "true")]
    [InlineData("layers_to_transform", "[1, 2]")]
    [InlineData("layers_to_transform", "0")]
    [InlineData("exclude_modules", "[\"key\"]")]
    [InlineData("fan_in_fan_out", "true")]
    [InlineData("lora_bias", "true")]
    [InlineData("megatron_config", "{\"a\":1}")]
    [InlineData("init_lora_weights", "\"pissa\"")]
    [InlineData("trainable_token_indices", "[5]")]
    [InlineData("an_option_of_tomorrow", "\"on\"")]
    public void An_active_option_that_is_not_supported_is_refused_by_name(string option, string value)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => LoraConfigJson.Read(Valid.Replace("}", $",\"{option}\":{value}}}", StringComparison.Ordinal), "f"));
        Assert.Equal(option, error.Tensor);
        Assert.Contains("not supported", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"r\":4", "\"r\":0", "r")]
    [InlineData("\"r\":4", "\"r\":\"4\"", "r")]
    [InlineData("\"r\":4", "\"r\":4,\"lora_dropout\":1", "lora_dropout")]
    [InlineData("\"r\":4", "\"r\":4,\"bias\":\"some\"", "bias")]
    [InlineData("\"r\":4", "\"r\":4,\"rank_pattern\":{\"key\":1.5}", "rank_pattern")]
    [InlineData("\"r\":4", "\"r\":4,\"alpha_pattern\":{\"key\":\"x\"}", "alpha_pattern")]
    [InlineData("\"r\":4", "\"r\":4,\"alpha_pattern\":[]", "alpha_pattern")]
    [InlineData("[\"query\"]", "null", "target_modules")]
    [InlineData("[\"query\"]", "[]", "target_modules")]
    [InlineData("[\"query\"]", "[1]", "target_modules")]
    [InlineData("LORA", "IA3", "peft_type")]
    [InlineData("\"peft_type\":\"LORA\",", "", "peft_type")]
    public void A_value_that_cannot_be_is_refused_by_name(string part, string replacement, string field) =>
        Assert.Equal(field, Assert.Throws<CheckpointException>(() => LoraConfigJson.Read(Valid.Replace(part, replacement, StringComparison.Ordinal), "f")).Tensor);

    [Fact]
    public void Mutated_texts_give_typed_errors_or_configurations_that_are_written_again()
    {
        string[] tokens = ["{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "\"r\"", "\\ud800", "é", "\0", "65537"];
        string seed = LoraConfigJson.Write(new LoraConfig { TargetModules = ["query"], ModulesToSave = ["x"], RankPattern = [new("k", 2)], AlphaPattern = [new("k", 2)] });
        Random random = new(1);
        int valid = 0;
        for (int i = 0; i < 5000; i++)
        {
            int at = random.Next(seed.Length), cut = random.Next(3);
            string text = seed[..at] + (random.Next(2) == 0 ? tokens[random.Next(tokens.Length)] : "") + seed[Math.Min(at + cut, seed.Length)..];
            try
            {
                LoraConfig config = LoraConfigJson.Read(text, "f");
                Assert.Equal(config.Rank, LoraConfigJson.Read(LoraConfigJson.Write(config), "g").Rank);
                valid++;
            }
            catch (CheckpointException)
            {
            }
        }

        Assert.InRange(valid, 100, 4900);
    }

    [Fact]
    public void The_factor_is_alpha_by_rank_or_by_its_root()
    {
        Assert.Equal(2f, new LoraConfig().Scale(4, 8));
        Assert.Equal(4f, new LoraConfig { UseRslora = true }.Scale(4, 8));
    }
}
