using System.Runtime.InteropServices;

namespace BertSharp;

/// <summary>
/// The gradients of the trained parameters of a model, and of what stands behind it, each of its parameter's layout. While this
/// lives, the model belongs to the thread that made it.
/// </summary>
internal sealed unsafe class Gradients : IDisposable
{
    private readonly IReadOnlyList<ModelParameters> _owners;
    private readonly Parameter[] _trained;
    private readonly Arena _arena;

    /// <summary>Takes a model's parameters over.</summary>
    /// <param name="owners">The model's, then those of the layers behind it.</param>
    /// <param name="isTrained">Which ones are trained; the others are frozen.</param>
    /// <exception cref="ArgumentException">Nothing is trained, or a weight is not held in float32.</exception>
    public Gradients(IReadOnlyList<ModelParameters> owners, Func<ParameterInfo, bool> isTrained)
    {
        (ParameterInfo Info, Parameter Parameter)[] all = [.. owners.SelectMany(owner => owner.List.Select(info => (info, owner[info.Name])))];
        (ParameterInfo Info, Parameter Parameter)[] trained = [.. all.Where(one => isTrained(one.Info))];
        if (trained.Length == 0)
        {
            throw new ArgumentException("No parameter is left to be trained: freeze fewer.");
        }

        if (all.Select(one => one.Parameter).FirstOrDefault(parameter => parameter.Format != WeightFormat.Float32) is { } rounded)
        {
            throw new ArgumentException($"{rounded.Name} is held as {rounded.Format}: training needs float32 weights; load the float32 model.");
        }

        _owners = owners;
        _trained = [.. trained.Select(one => one.Parameter)];
        foreach (ModelParameters owner in owners)
        {
            owner.BeginTraining();
        }

        _arena = new Arena(_trained.Sum(parameter => Arena.VectorSize(parameter.Length)));
        foreach (Parameter parameter in _trained)
        {
            parameter.Gradient = parameter.ZerosLike(_arena);
        }

        Trained = [.. trained.Select(one => new TrainedParameter(one.Info, one.Parameter.Data, one.Parameter.Gradient!.Data, one.Parameter.Length))];
    }

    /// <summary>The trained parameters in the model's order.</summary>
    public IReadOnlyList<TrainedParameter> Trained { get; }

    /// <summary>Sets this member's share of all gradients to zero, but those of linear layers: what is first added to them is written.</summary>
    public void Clear(Team team)
    {
        for (int i = 0; i < _trained.Length; i++)
        {
            if (_trained[i].Gradient is { IsPacked: true } packed)
            {
                packed.IsBlank = true;
                continue;
            }

            long length = Trained[i].Length;
            long first = length * team.Index / team.Count, end = length * (team.Index + 1) / team.Count;
            NativeMemory.Clear((float*)Trained[i].Gradient + first, (nuint)((end - first) * sizeof(float)));
        }
    }

    /// <summary>Sets to zero what no layer has written, where a step had nothing for it.</summary>
    public void Complete()
    {
        foreach (Parameter parameter in _trained)
        {
            if (parameter.Gradient is { IsBlank: true } blank)
            {
                NativeMemory.Clear((float*)blank.Data, (nuint)(blank.Length * sizeof(float)));
                blank.IsBlank = false;
            }
        }
    }

    /// <summary>Frees the gradients and gives the model back.</summary>
    public void Dispose()
    {
        foreach (Parameter parameter in _trained)
        {
            parameter.Gradient = null;
        }

        _arena.Dispose();
        foreach (ModelParameters owner in _owners)
        {
            owner.EndTraining();
        }
    }
}
