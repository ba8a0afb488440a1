namespace BertSharp;

/// <summary>Parameters of a model that are changed for a while: their original values are kept, and come back to the bit.</summary>
/// <param name="parameters">The model's.</param>
internal sealed class ReplacedParameters(ModelParameters parameters)
{
    private readonly Dictionary<string, float[]> _originals = [];

    /// <summary>Keeps the values of a parameter that is about to be changed.</summary>
    public Parameter Keep(string name)
    {
        Parameter parameter = parameters[name];
        float[] values = new float[checked(parameter.Rows * parameter.Columns)];
        parameter.CopyValues(0, values);
        _originals.Add(name, values);
        return parameter;
    }

    /// <summary>Puts the original values back; a second call changes nothing.</summary>
    public void Undo()
    {
        foreach ((string name, float[] values) in _originals)
        {
            parameters[name].SetRows(0, values);
        }

        _originals.Clear();
    }
}
