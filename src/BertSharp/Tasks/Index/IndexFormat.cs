namespace BertSharp;

/// <summary>The names in an index file: a safetensors file with these tensors and this metadata (<c>docs/formats/index.md</c>).</summary>
internal static class IndexFormat
{
    /// <summary>The version of the format that is written and read.</summary>
    public const string Version = "1";

    /// <summary>The metadata key whose presence makes a file an index; its value is the version.</summary>
    public const string VersionKey = "bertsharp_index";

    /// <summary>Metadata: how vectors are kept.</summary>
    public const string PrecisionKey = "precision";

    /// <summary>Metadata: how vectors are compared.</summary>
    public const string SimilarityKey = "similarity";

    /// <summary>Metadata: the model, where it is known.</summary>
    public const string ModelKey = "model";

    /// <summary>Metadata: what was put before each text, where it is not empty.</summary>
    public const string PromptKey = "prompt";

    /// <summary>Tensor: [N, D], F32, or I8 with scales.</summary>
    public const string Vectors = "vectors";

    /// <summary>Tensor: F32 [N].</summary>
    public const string Scales = "scales";

    /// <summary>Tensor: U8 [N, ⌈D / 8⌉].</summary>
    public const string Bits = "bits";

    /// <summary>Tensor: U8, the names of the texts in UTF-8, end to end.</summary>
    public const string Ids = "ids";

    /// <summary>Tensor: U8, the texts in UTF-8, end to end.</summary>
    public const string Texts = "texts";

    /// <summary>What follows <see cref="Ids"/> and <see cref="Texts"/> in the name of their offsets, I64 [N + 1].</summary>
    public const string Offsets = ".offsets";

    /// <summary>The precisions in the order of the enum.</summary>
    public static readonly string[] Precisions = ["float32", "int8", "binary"];

    /// <summary>The similarities in the order of the enum.</summary>
    public static readonly string[] Similarities = ["cosine", "dot", "euclidean", "manhattan"];
}
