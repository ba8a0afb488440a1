using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>Which files are fetched, and which stay on the Hub.</summary>
public sealed class ModelFilesTests
{
    [Theory]
    [InlineData("config.json tokenizer.json vocab.txt added_tokens.json tokenizer_config.json special_tokens_map.json", "config.json tokenizer.json tokenizer_config.json special_tokens_map.json")]
    [InlineData("vocab.txt added_tokens.json", "vocab.txt added_tokens.json")]
    [InlineData("README.md LICENSE .gitattributes onnx/config.json onnx/model.onnx openvino/openvino_model.bin coreml/x/y.bin flax_model.msgpack tf_model.h5 rust_model.ot", "")]
    [InlineData("model.safetensors pytorch_model.bin tf_model.h5", "model.safetensors")]
    [InlineData("model.safetensors model.fp16.safetensors", "model.safetensors")]
    [InlineData("model.safetensors model.safetensors.index.json model-00001-of-00002.safetensors", "model.safetensors")]
    [InlineData("model.safetensors.index.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors model-other.safetensors pytorch_model.bin", "model.safetensors.index.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors")]
    [InlineData("weights.safetensors pytorch_model.bin", "weights.safetensors")]
    [InlineData("a.safetensors b.safetensors pytorch_model.bin training_args.bin", "")]
    [InlineData("pytorch_model.bin.index.json pytorch_model-00001-of-00002.bin pytorch_model-00002-of-00002.bin model-00001-of-00002.bin", "")]
    [InlineData("adapter_config.json adapter_model.safetensors", "")]
    public void Of_each_kind_what_is_read_is_taken(string listed, string taken) => Assert.Equal(taken, Select(listed));

    [Fact]
    public void The_modules_of_sentence_transformers_are_taken_with_their_weights() => Assert.Equal(
        "config.json modules.json sentence_bert_config.json config_sentence_transformers.json 1_Pooling/config.json 2_Dense/config.json model.safetensors 2_Dense/model.safetensors",
        Select("config.json modules.json sentence_bert_config.json config_sentence_transformers.json model.safetensors 1_Pooling/config.json 2_Dense/config.json 2_Dense/model.safetensors 2_Dense/pytorch_model.bin onnx/model.onnx"));

    [Fact]
    public void An_old_folder_keeps_its_transformer_in_a_module() => Assert.Equal(
        "modules.json 0_Transformer/config.json 0_Transformer/vocab.txt 1_Pooling/config.json 0_Transformer/model.safetensors",
        Select("modules.json 0_Transformer/config.json 0_Transformer/vocab.txt 0_Transformer/model.safetensors 0_Transformer/pytorch_model.bin 1_Pooling/config.json"));

    [Fact]
    public void A_folder_is_no_module_without_modules() => Assert.Equal("config.json", Select("config.json 1_Pooling/config.json"));

    private static string Select(string listed)
    {
        string[] names = listed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', ModelFiles.Select([.. names.Select(name => new RemoteFile(name, 1, new string('a', 40)))]).Select(file => file.Name));
    }
}
