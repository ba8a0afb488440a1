using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BertSharp.Cli.Tests.Download;

/// <summary>A model of one layer that works, and the files that lie beside such a model on the Hub.</summary>
internal static class TinyModel
{
    public const string Weights = "model.safetensors";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private const string Config = """{"model_type":"bert","vocab_size":8,"hidden_size":16,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":32,"max_position_embeddings":16}""";

    /// <summary>The files that <c>bert download</c> wants of it.</summary>
    public static string[] Used { get; } = ["1_Pooling/config.json", "config.json", Weights, "modules.json", "tokenizer_config.json", "vocab.txt"];

    public static Dictionary<string, byte[]> Files() => new()
    {
        [".gitattributes"] = "*.safetensors filter=lfs\n"u8.ToArray(),
        ["1_Pooling/config.json"] = """{"word_embedding_dimension":16,"pooling_mode_mean_tokens":true}"""u8.ToArray(),
        ["README.md"] = "# A card\n"u8.ToArray(),
        ["config.json"] = Encoding.UTF8.GetBytes(Config),
        [Weights] = Safetensors(),
        ["modules.json"] = """[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},{"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]"""u8.ToArray(),
        ["onnx/model.onnx"] = new byte[100],
        ["pytorch_model.bin"] = new byte[100],
        ["tf_model.h5"] = new byte[100],
        ["tokenizer_config.json"] = """{"do_lower_case":true}"""u8.ToArray(),
        ["vocab.txt"] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nman\neating\n"u8.ToArray(),
    };

    /// <summary>Whether the Hub would store it as a large file, known by its SHA-256.</summary>
    public static bool IsLarge(string name) => Path.GetExtension(name) is ".safetensors" or ".bin" or ".h5" or ".onnx";

    /// <summary>What the Hub calls a file's content: the SHA-256 of large ones, git's name of the others.</summary>
    public static string Hash(string name, byte[] content) => IsLarge(name)
        ? Convert.ToHexStringLower(SHA256.HashData(content))
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    /// <summary>The Hub's answer to the question what a model consists of.</summary>
    public static byte[] Listing(IReadOnlyDictionary<string, byte[]> files)
    {
        IEnumerable<string> siblings = files.Select(file => IsLarge(file.Key)
            ? $$"""{"rfilename":{{Quote(file.Key)}},"size":{{file.Value.Length}},"blobId":"{{new string('a', 40)}}","lfs":{"sha256":"{{Hash(file.Key, file.Value)}}","size":{{file.Value.Length}},"pointerSize":130} }"""
            : $$"""{"rfilename":{{Quote(file.Key)}},"size":{{file.Value.Length}},"blobId":"{{Hash(file.Key, file.Value)}}"}""");
        return Encoding.UTF8.GetBytes($$"""{"id":"org/tiny","private":false,"sha":"{{Commit}}","siblings":[{{string.Join(",", siblings)}}]}""");
    }

    private static string Quote(string name) => $"\"{JsonEncodedText.Encode(name)}\"";

    private static byte[] Safetensors()
    {
        StringBuilder header = new("{");
        List<byte> data = [];
        foreach (ParameterInfo parameter in ParameterReport.Of(BertConfig.Parse(Config, "config.json"), HeadKind.None).Parameters)
        {
            int start = data.Count;
            for (long i = 0; i < parameter.Count; i++)
            {
                data.AddRange(BitConverter.GetBytes((float)((i * 37 % 101) - 50) / 500));
            }

            header.Append($"{(start > 0 ? "," : "")}\"{parameter.Name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(",", parameter.Shape)}],\"data_offsets\":[{start},{data.Count}]}}");
        }

        byte[] json = Encoding.UTF8.GetBytes(header.Append('}').ToString()), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }
}
