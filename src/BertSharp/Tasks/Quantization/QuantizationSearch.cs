using System.Numerics;

namespace BertSharp;

/// <summary>
/// One search of a <see cref="QuantizationGate"/>. Each layer is quantized alone, on the sample; in the order of what that
/// changed, the fewest layers are returned to float32 with which the drop on all data holds. They are found by bisection: so
/// the number of passes over the data grows with the logarithm of the layers.
/// </summary>
internal sealed class QuantizationSearch
{
    private readonly QuantizationMeasure _measure;
    private readonly TokenBatch _data;
    private readonly TokenBatch _sample;
    private readonly QuantizationConfig _config;
    private readonly string[] _modules;
    private readonly double _maxDrop;
    private readonly IProgress<QuantizationProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly long _planned;
    private long _done;

    public QuantizationSearch(QuantizationMeasure measure, TokenBatch data, TokenBatch sample, QuantizationConfig config, string[] modules, double maxDrop, IProgress<QuantizationProgress>? progress, CancellationToken cancellation)
    {
        (_measure, _data, _sample, _config, _modules) = (measure, data, sample, config, modules);
        (_maxDrop, _progress, _cancellation) = (maxDrop, progress, cancellation);
        _planned = ((2L + BitOperations.Log2((uint)modules.Length + 1)) * data.Count) + ((1L + modules.Length) * sample.Count);
    }

    public QuantizationPlan Run()
    {
        float[][] expected = Answer(null, _data);
        QuantizationDrop before = _measure.Compare(expected, Answer(_config, _data));
        if (before.Drop <= _maxDrop)
        {
            return new QuantizationPlan(_config, before, before, Table(_config, []), _modules.Length > 0);
        }

        Dictionary<string, QuantizationDrop> sensitivity = Sensitivity();
        string[] order = [.. _modules.OrderByDescending(module => sensitivity[module].Drop).ThenByDescending(module => sensitivity[module].Largest)];
        (QuantizationConfig config, QuantizationDrop drop) = (Keeping(order), default);
        for (int tooFew = 0, enough = order.Length; enough - tooFew > 1;)
        {
            int kept = (tooFew + enough) / 2;
            QuantizationConfig candidate = Keeping(order[..kept]);
            QuantizationDrop measured = _measure.Compare(expected, Answer(candidate, _data));
            bool holds = measured.Drop <= _maxDrop;
            (config, drop) = holds ? (candidate, measured) : (config, drop);
            (tooFew, enough) = holds ? (tooFew, kept) : (kept, enough);
        }

        return new QuantizationPlan(config, before, drop, Table(config, sensitivity), config.ModulesToNotConvert.Count < _measure.Modules.Count);
    }

    private Dictionary<string, QuantizationDrop> Sensitivity()
    {
        float[][] expected = Answer(null, _sample);
        return _modules.ToDictionary(module => module, module =>
            _measure.Compare(expected, Answer(_config with { ModulesToNotConvert = [.. _measure.Modules.Where(other => other != module)] }, _sample)));
    }

    /// <summary>The configuration that keeps some layers more, in the model's own order.</summary>
    private QuantizationConfig Keeping(string[] more) =>
        _config with { ModulesToNotConvert = [.. _measure.Modules.Where(module => more.Contains(module) || _config.ModulesToNotConvert.Contains(module))] };

    private QuantizationModule[] Table(QuantizationConfig config, Dictionary<string, QuantizationDrop> sensitivity) =>
        [.. _measure.Modules.Select(module => new QuantizationModule(module, sensitivity.TryGetValue(module, out QuantizationDrop drop) ? drop : null, config.ModulesToNotConvert.Contains(module)))];

    private float[][] Answer(QuantizationConfig? config, TokenBatch batch)
    {
        long before = _done;
        float[][] answers = _measure.Answer(config, batch, new TextProgress(texts => _progress?.Report(new QuantizationProgress(before + texts, Math.Min(1, (double)(before + texts) / _planned)))), _cancellation);
        _done += batch.Count;
        return answers;
    }

    // System.Progress would report from another thread, out of order.
    private sealed class TextProgress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
