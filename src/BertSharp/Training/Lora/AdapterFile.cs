namespace BertSharp;

/// <summary>
/// The tensors of PEFT's <c>adapter_model.safetensors</c> by the canonical names of the parameters that they belong to; each
/// is taken once, and none may be left.
/// </summary>
internal sealed class AdapterFile : IDisposable
{
    /// <summary>The file of the configuration.</summary>
    public const string ConfigName = "adapter_config.json";

    /// <summary>The file of the weights.</summary>
    public const string WeightsName = "adapter_model.safetensors";

    private const string Prefix = "base_model.model.";
    private const string SuffixA = ".lora_A.weight";
    private const string SuffixB = ".lora_B.weight";

    // PEFT puts a targeted layer into another: its own parameters move down by a name.
    private const string Wrapped = ".base_layer.";

    private readonly Checkpoint _checkpoint;
    private readonly Dictionary<(string Name, Part Part), TensorInfo> _tensors = [];

    /// <summary>Opens the file.</summary>
    /// <exception cref="CheckpointException">It is missing or damaged, or a name is not PEFT's.</exception>
    public AdapterFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new CheckpointException(path, "expected the weights of a PEFT adapter in safetensors; an adapter_model.bin is to be saved anew with a PEFT that writes safetensors");
        }

        _checkpoint = Checkpoint.Open(path);
        try
        {
            foreach (TensorInfo tensor in _checkpoint.Tensors)
            {
                if (!_tensors.TryAdd(KeyOf(tensor), tensor))
                {
                    throw new CheckpointException(path, "another tensor belongs to the same parameter; keep one of them", tensor.Name);
                }
            }
        }
        catch
        {
            _checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>What a tensor is of its parameter.</summary>
    internal enum Part
    {
        /// <summary>The matrix A of its layer.</summary>
        A,

        /// <summary>The matrix B of its layer.</summary>
        B,

        /// <summary>The parameter itself.</summary>
        Whole,
    }

    /// <summary>The stored name of a low-rank matrix.</summary>
    public static string NameOf(LoraTarget target, Part part) => Prefix + target.Module + (part == Part.A ? SuffixA : SuffixB);

    /// <summary>The stored name of a whole parameter.</summary>
    /// <param name="path">Its name in transformers' model.</param>
    /// <param name="wrapped">Whether its layer has low-rank matrices.</param>
    public static string NameOf(string path, bool wrapped)
    {
        int dot = path.LastIndexOf('.');
        return Prefix + (wrapped ? path[..dot] + Wrapped + path[(dot + 1)..] : path);
    }

    /// <summary>Reads a tensor as float32; memory is taken only once the file is known to hold it.</summary>
    /// <param name="parameter">The canonical name of the parameter that it belongs to.</param>
    /// <param name="part">What it is of it.</param>
    /// <param name="shape">The expected shape.</param>
    /// <exception cref="CheckpointException">It is missing, of another shape, or of no float type.</exception>
    public float[] Take(string parameter, Part part, params ReadOnlySpan<long> shape)
    {
        bool found = _tensors.Remove((parameter, part), out TensorInfo? tensor);
        if (!found || !tensor!.Shape.AsSpan().SequenceEqual(shape))
        {
            string what = tensor?.Name ?? (part == Part.Whole ? parameter : $"{parameter}, lora_{part}");
            throw new CheckpointException(_checkpoint.Path, $"expected shape [{string.Join(", ", shape.ToArray())}], found {tensor?.ShapeText ?? "no such tensor"}; {ConfigName} and weights do not belong together, or the model is another", what);
        }

        float[] values = new float[tensor.Count];
        _checkpoint.Read(tensor, values);
        return values;
    }

    /// <summary>Whether a tensor is there, for those that PEFT may leave out.</summary>
    public bool Has(string parameter, Part part) => _tensors.ContainsKey((parameter, part));

    /// <summary>The number of rows of a parameter that is stored whole; null where it is not.</summary>
    public int? OutputsOf(string parameter) => _tensors.TryGetValue((parameter, Part.Whole), out TensorInfo? tensor) && tensor.Shape is [> 0 and <= int.MaxValue, ..] ? (int)tensor.Shape[0] : null;

    /// <summary>Fails where a tensor was not taken.</summary>
    /// <exception cref="CheckpointException">Names the first.</exception>
    public void RequireNothingLeft()
    {
        if (_tensors.Count > 0)
        {
            throw new CheckpointException(_checkpoint.Path, $"belongs to nothing that {ConfigName} chooses in this model (target_modules, modules_to_save, bias); expected {_checkpoint.Tensors.Count - _tensors.Count} tensors, found {_checkpoint.Tensors.Count}", _tensors.Values.First().Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _checkpoint.Dispose();

    private static (string Name, Part Part) KeyOf(TensorInfo tensor)
    {
        if (!tensor.Name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw new CheckpointException(tensor.File, $"expected a name that begins with {Prefix}, as PEFT writes it", tensor.Name);
        }

        string name = tensor.Name[Prefix.Length..];
        return name.EndsWith(SuffixA, StringComparison.Ordinal) ? (Canonical(name[..^SuffixA.Length] + ".weight"), Part.A)
            : name.EndsWith(SuffixB, StringComparison.Ordinal) ? (Canonical(name[..^SuffixB.Length] + ".weight"), Part.B)
            : (Canonical(name.Replace(Wrapped, ".", StringComparison.Ordinal)), Part.Whole);
    }

    private static string Canonical(string name) => ParameterNames.Canonical(name);
}
