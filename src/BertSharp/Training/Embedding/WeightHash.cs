using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BertSharp;

/// <summary>A hash of a model's weights: what a run has started from, or whose embeddings are kept.</summary>
internal static class WeightHash
{
    /// <summary>The SHA-256 of all parameters, row-major, in the model's order.</summary>
    public static string Of(params IEnumerable<ModelParameters?> owners)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ModelParameters owner in owners.OfType<ModelParameters>())
        {
            foreach (ParameterInfo info in owner.List)
            {
                float[] row = new float[info.Shape[^1]];
                for (int i = 0; i < owner[info.Name].Rows; i++)
                {
                    owner[info.Name].CopyRow(i, row);
                    hash.AppendData(MemoryMarshal.AsBytes(row.AsSpan()));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
