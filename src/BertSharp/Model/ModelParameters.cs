namespace BertSharp;

/// <summary>Fills whole rows of a parameter, row-major, the first at <paramref name="firstRow"/>.</summary>
internal delegate void RowSource(ParameterInfo parameter, int firstRow, Span<float> rows);

/// <summary>All parameters of a model, held once, in one block of native memory.</summary>
internal sealed class ModelParameters : IDisposable
{
    /// <summary>Rows pass through a buffer of this many values on their way into their layout.</summary>
    private const int BufferLength = 1 << 18;

    private readonly Arena _arena;
    private readonly Dictionary<string, Parameter> _byName = [];
    private volatile bool _disposed;
    private int _trainingThread;

    /// <summary>Allocates the parameters of a list and fills them from a source.</summary>
    /// <param name="list">Names and shapes.</param>
    /// <param name="source">Gives the values.</param>
    /// <param name="formats">How each weight of a linear layer is held; float32 where it is left out.</param>
    /// <param name="exact">Sets a whole parameter where its values are stored in its own format; false: they come from the source.</param>
    public ModelParameters(IReadOnlyList<ParameterInfo> list, RowSource source, Func<ParameterInfo, WeightFormat>? formats = null, Func<ParameterInfo, Parameter, bool>? exact = null)
    {
        List = list;
        WeightFormat Format(ParameterInfo info) => formats is null || !IsLinear(info) ? WeightFormat.Float32 : formats(info);
        _arena = new Arena(list.Sum(info => Parameter.Size([.. info.Shape.Select(size => checked((int)size))], Format(info))));
        try
        {
            float[] buffer = new float[BufferLengthFor(list)];
            foreach (ParameterInfo info in list)
            {
                Parameter parameter = Allocate(info, Format(info));
                _byName.Add(info.Name, parameter);
                if (exact?.Invoke(info, parameter) != true)
                {
                    Fill(info, parameter, source, buffer);
                }
            }
        }
        catch
        {
            _arena.Dispose();
            throw;
        }
    }

    /// <summary>The parameters in the model's own order.</summary>
    public IReadOnlyList<ParameterInfo> List { get; }

    /// <summary>Gives every parameter new values from a source, which is asked as in the constructor.</summary>
    public void Fill(RowSource source)
    {
        float[] buffer = new float[BufferLengthFor(List)];
        foreach (ParameterInfo info in List)
        {
            Fill(info, this[info.Name], source, buffer);
        }
    }

    /// <summary>Keeps the memory while somebody uses it; <see cref="Release"/> follows where <paramref name="held"/> is set.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed, also where others still hold its memory.</exception>
    /// <exception cref="InvalidOperationException">Another thread trains the model.</exception>
    public void Hold(ref bool held)
    {
        // A SafeHandle alone takes new references until the last is gone: callers who overlap would go on for ever.
        ObjectDisposedException.ThrowIf(_disposed, typeof(PreTrainedModel));
        int owner = Volatile.Read(ref _trainingThread);
        if (owner != 0 && owner != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("The model is being trained on another thread: its weights change. Wait until that has ended, or load the model once more.");
        }

        _arena.Buffer.DangerousAddRef(ref held);
    }

    /// <summary>From now on the model belongs to this thread, which may change its weights.</summary>
    /// <exception cref="InvalidOperationException">It is being trained already.</exception>
    public void BeginTraining()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(PreTrainedModel));
        if (Interlocked.CompareExchange(ref _trainingThread, Environment.CurrentManagedThreadId, 0) != 0)
        {
            throw new InvalidOperationException("The model is being trained already.");
        }

        bool held = false;
        _arena.Buffer.DangerousAddRef(ref held);
    }

    /// <summary>Ends what <see cref="BeginTraining"/> began.</summary>
    public void EndTraining()
    {
        Volatile.Write(ref _trainingThread, 0);
        _arena.Buffer.DangerousRelease();
    }

    /// <summary>Gives back what <see cref="Hold"/> took; after <see cref="Dispose"/> the last one frees the memory.</summary>
    public void Release() => _arena.Buffer.DangerousRelease();

    /// <summary>A parameter by its canonical name.</summary>
    public Parameter this[string name] => _byName[name];

    /// <summary>A parameter by its canonical name; null where the model has none.</summary>
    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The linear layer at a path.</summary>
    public Linear Linear(string path) => new(this[path + ".weight"], this[path + ".bias"]);

    /// <summary>The LayerNorm at a path.</summary>
    public LayerNorm LayerNorm(string path, BertConfig config) => new(this[path + ".weight"], this[path + ".bias"], (float)config.LayerNormEps);

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _arena.Dispose();
    }

    private static int BufferLengthFor(IReadOnlyList<ParameterInfo> list) => Math.Max(BufferLength, (int)list.Max(parameter => parameter.Shape[^1]));

    private static void Fill(ParameterInfo info, Parameter parameter, RowSource source, float[] buffer)
    {
        int step = buffer.Length / parameter.Columns;
        for (int row = 0; row < parameter.Rows; row += step)
        {
            Span<float> rows = buffer.AsSpan(0, Math.Min(step, parameter.Rows - row) * parameter.Columns);
            source(info, row, rows);
            parameter.SetRows(row, rows);
        }
    }

    private Parameter Allocate(ParameterInfo info, WeightFormat format)
    {
        int rows = (int)info.Shape[0];
        return info.Shape.Length == 1 ? Parameter.Vector(_arena, info.Name, rows)
            : IsLinear(info) ? Parameter.Packed(_arena, info.Name, rows, (int)info.Shape[1], format)
            : Parameter.RowMajor(_arena, info.Name, rows, (int)info.Shape[1]);
    }

    /// <summary>A matrix that is no table of embeddings, and no factor of an adapter.</summary>
    public static bool IsLinear(ParameterInfo info) =>
        info.Shape.Length == 2 && !info.Name.EndsWith("_embeddings.weight", StringComparison.Ordinal) && !info.Name.Contains(".lora_", StringComparison.Ordinal);
}
