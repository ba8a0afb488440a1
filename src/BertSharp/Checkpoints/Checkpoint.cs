namespace BertSharp;

/// <summary>
/// A checkpoint that is open for reading: the names, shapes and types of its tensors, from the headers alone, and
/// positional reads of their data. Reads may run in parallel. Formats other than safetensors are named in the error.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly Dictionary<string, SafetensorsFile> _files;
    private readonly Dictionary<string, TensorInfo> _byName;

    private Checkpoint(string path, Dictionary<string, SafetensorsFile> files, Dictionary<string, string> metadata)
    {
        Path = path;
        _files = files;
        Metadata = metadata;
        Tensors = Int8Tensors.Pair([.. files.Values.SelectMany(file => file.Header.Tensors)]);
        _byName = Index(path, Tensors);
    }

    /// <summary>The folder or file that was opened, as found (a Hub name: the folder in the cache).</summary>
    public string Path { get; }

    /// <summary>The raw text of <c>config.json</c> beside the weights; null where there is none.</summary>
    public string? ConfigJson { get; private init; }

    /// <summary>All tensors as stored, in the order of the files; buffers and aliases included.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The <c>__metadata__</c> of the (first) file, such as <c>format</c> = <c>pt</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Bytes read from the files so far; <see cref="Open"/> reads headers only.</summary>
    public long BytesRead => _files.Values.Sum(file => file.BytesRead);

    /// <summary>Opens a folder in Hugging Face's layout, a file, or a model of the local Hugging Face cache by its Hub name.</summary>
    /// <param name="path">A folder, a <c>.safetensors</c> file, a shard index, or a name such as <c>sentence-transformers/all-MiniLM-L6-v2</c>.</param>
    /// <exception cref="CheckpointException">Nothing is there, it is of another format, or it is damaged.</exception>
    public static Checkpoint Open(string path)
    {
        string found = File.Exists(path) ? path : ModelFolder.Resolve(path);
        string weights = File.Exists(found) ? found : ModelFolder.FindWeights(found);
        string config = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(weights) ?? "", "config.json");
        string? configJson = File.Exists(config) ? JsonFile.ReadText(config) : null;
        Dictionary<string, SafetensorsFile> files = [];
        try
        {
            if (weights.EndsWith(".index.json", StringComparison.Ordinal))
            {
                OpenShards(weights, files);
            }
            else
            {
                files.Add(weights, SafetensorsFile.Open(weights));
            }

            return new Checkpoint(found, files, files.Values.First().Header.Metadata) { ConfigJson = configJson };
        }
        catch
        {
            Close(files);
            throw;
        }
    }

    /// <summary>The files that hold the tensors.</summary>
    internal IReadOnlyCollection<string> Files => _files.Keys;

    /// <summary>Finds a parameter by its canonical name.</summary>
    public bool TryFind(string canonicalName, out TensorInfo info) => _byName.TryGetValue(canonicalName, out info!);

    /// <summary>Reads a whole tensor as float32.</summary>
    /// <param name="tensor">A tensor of this checkpoint, of a float type, or int8 with scales: then each value is multiplied by its row's.</param>
    /// <param name="destination">As many values as <see cref="TensorInfo.Count"/>.</param>
    /// <exception cref="CheckpointException">The type is another, the data cannot be read, a float64 is beyond float32's range, or a scale is not a finite number of at least 0.</exception>
    public void Read(TensorInfo tensor, Span<float> destination)
    {
        if (destination.Length != tensor.Count)
        {
            throw new ArgumentException($"{tensor.Name} has {tensor.Count} values, the destination {destination.Length}.", nameof(destination));
        }

        ReadElements(tensor, 0, destination);
    }

    /// <summary>Reads rows of a matrix as float32, so that weights go to their place without a copy of the tensor.</summary>
    /// <param name="tensor">A tensor of this checkpoint; its first dimension counts rows.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="destination">[rows, columns], contiguous.</param>
    /// <exception cref="CheckpointException">As <see cref="Read"/>.</exception>
    public void ReadRows(TensorInfo tensor, long firstRow, int rows, Span<float> destination)
    {
        long total = tensor.Shape.Length == 0 ? 1 : tensor.Shape[0];
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, total - firstRow);
        long columns = total == 0 ? 0 : tensor.Count / total;
        if (destination.Length != checked(rows * columns))
        {
            throw new ArgumentException($"{rows} rows of {columns} do not fill {destination.Length} values.", nameof(destination));
        }

        ReadElements(tensor, firstRow * columns, destination);
    }

    /// <summary>Reads a whole tensor of whole numbers (signed, unsigned up to 32 bits, bool).</summary>
    /// <exception cref="CheckpointException">The type is another, or the data cannot be read.</exception>
    public void ReadInt64(TensorInfo tensor, Span<long> destination) =>
        TensorData.ReadInt64(FileOf(tensor), tensor, destination);

    /// <summary>Closes the files.</summary>
    public void Dispose() => Close(_files);

    /// <summary>Reads consecutive elements of a float tensor, or of an int8 weight times their scales.</summary>
    internal void ReadElements(TensorInfo tensor, long first, Span<float> destination)
    {
        if (tensor.Scale is { } scale)
        {
            Int8Tensors.ReadFloat32(FileOf(tensor), tensor, FileOf(scale), first, destination);
        }
        else
        {
            TensorData.ReadFloat32(FileOf(tensor), tensor, first, destination);
        }
    }

    /// <summary>Reads rows of an int8 weight as they are stored.</summary>
    internal void ReadInt8Rows(TensorInfo tensor, long firstRow, Span<sbyte> values, Span<float> scales) =>
        Int8Tensors.ReadRows(FileOf(tensor), tensor, FileOf(tensor.Scale!), firstRow, values, scales);

    /// <summary>Reads the stored bytes of a tensor from an offset in it.</summary>
    internal void ReadBytes(TensorInfo tensor, long offset, Span<byte> destination) =>
        FileOf(tensor).Read(tensor.Position + offset, destination);

    private SafetensorsFile FileOf(TensorInfo tensor) => _files.TryGetValue(tensor.File, out SafetensorsFile? file)
        ? file
        : throw new ArgumentException($"{tensor.Name} is of another checkpoint, {tensor.File}.", nameof(tensor));

    private static void OpenShards(string index, Dictionary<string, SafetensorsFile> files)
    {
        Dictionary<string, string> shards = ShardIndex.Read(index);
        string folder = System.IO.Path.GetDirectoryName(index) ?? "";
        Dictionary<string, string> holders = [];
        foreach (string shard in shards.Values.Distinct().Order(StringComparer.Ordinal))
        {
            string path = System.IO.Path.Combine(folder, shard);
            if (!File.Exists(path))
            {
                throw new CheckpointException(index, $"the shard '{CheckpointException.Show(shard)}' is missing; download it into the same folder");
            }

            files.Add(path, SafetensorsFile.Open(path));
            foreach (TensorInfo tensor in files[path].Header.Tensors)
            {
                if (!holders.TryAdd(tensor.Name, shard))
                {
                    throw new CheckpointException(index, $"stored in two shards, '{CheckpointException.Show(holders[tensor.Name])}' and '{CheckpointException.Show(shard)}'", tensor.Name);
                }
            }
        }

        foreach ((string name, string shard) in shards)
        {
            if (holders.GetValueOrDefault(name) != shard)
            {
                throw new CheckpointException(index, $"the index places it in '{CheckpointException.Show(shard)}', which does not hold it; download index and shards again", name);
            }
        }
    }

    private static Dictionary<string, TensorInfo> Index(string path, IReadOnlyList<TensorInfo> tensors)
    {
        Dictionary<string, TensorInfo> byName = [];
        foreach (TensorInfo tensor in tensors.Where(tensor => !tensor.IsBuffer && !tensor.IsScale))
        {
            if (byName.TryAdd(tensor.CanonicalName, tensor))
            {
                continue;
            }

            TensorInfo other = byName[tensor.CanonicalName];
            if (ParameterNames.IsAlias(other.Name))
            {
                byName[tensor.CanonicalName] = tensor;
            }
            else if (!ParameterNames.IsAlias(tensor.Name))
            {
                throw new CheckpointException(path, $"'{CheckpointException.Show(other.Name)}' and '{CheckpointException.Show(tensor.Name)}' are two names of one parameter; keep one of them", tensor.CanonicalName);
            }
        }

        return byName;
    }

    private static void Close(Dictionary<string, SafetensorsFile> files)
    {
        foreach (SafetensorsFile file in files.Values)
        {
            file.Dispose();
        }
    }
}
