namespace BertSharp;

/// <summary>
/// The gradients of a model's trained parameters, each of its parameter's layout. While this lives, the model belongs to the
/// thread that made it.
/// </summary>
internal sealed unsafe class Gradients : IDisposable
{
    private readonly ModelParameters _parameters;
    private readonly Arena _arena;

    /// <summary>Takes a model's parameters over.</summary>
    /// <param name="parameters">The model's.</param>
    /// <param name="isTrained">Which ones are trained; the others are frozen.</param>
    /// <exception cref="ArgumentException">Nothing is trained, or a weight is not held in float32.</exception>
    public Gradients(ModelParameters parameters, Func<ParameterInfo, bool> isTrained)
    {
        Parameter[] trained = [.. parameters.List.Where(isTrained).Select(info => parameters[info.Name])];
        if (trained.Length == 0)
        {
            throw new ArgumentException("No parameter is left to be trained: freeze fewer.");
        }

        if (parameters.List.Select(info => parameters[info.Name]).FirstOrDefault(parameter => parameter.Format != WeightFormat.Float32) is { } rounded)
        {
            throw new ArgumentException($"{rounded.Name} is held as {rounded.Format}: training needs float32 weights; load the float32 model.");
        }

        _parameters = parameters;
        parameters.BeginTraining();
        _arena = new Arena(trained.Sum(parameter => Arena.VectorSize(parameter.Length)));
        foreach (Parameter parameter in trained)
        {
            parameter.Gradient = parameter.ZerosLike(_arena);
        }

        Trained = [.. parameters.List.Where(isTrained).Select(info =>
            new TrainedParameter(info, parameters[info.Name].Data, parameters[info.Name].Gradient!.Data, parameters[info.Name].Length))];
    }

    /// <summary>The trained parameters in the model's order.</summary>
    public IReadOnlyList<TrainedParameter> Trained { get; }

    /// <summary>Sets this member's share of all gradients to zero.</summary>
    public void Clear(Team team)
    {
        foreach (TrainedParameter parameter in Trained)
        {
            long first = parameter.Length * team.Index / team.Count, end = parameter.Length * (team.Index + 1) / team.Count;
            System.Runtime.InteropServices.NativeMemory.Clear((float*)parameter.Gradient + first, (nuint)((end - first) * sizeof(float)));
        }
    }

    /// <summary>Frees the gradients and gives the model back.</summary>
    public void Dispose()
    {
        foreach (TrainedParameter parameter in Trained)
        {
            _parameters[parameter.Info.Name].Gradient = null;
        }

        _arena.Dispose();
        _parameters.EndTraining();
    }
}
